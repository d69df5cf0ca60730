package io.jfs.fuse;

import io.jfs.vfs.CompletedOperation;
import io.jfs.vfs.OperationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code -o debug}: every operation as a line of the client's log, then on to another listener.
 *
 * @param next who else listens
 */
record DebugLog(OperationListener next) implements OperationListener {
  private static final Logger log = LoggerFactory.getLogger(DebugLog.class);

  @Override
  public void completed(CompletedOperation op) {
    log.debug(
        "{} inode {} by {}: errno {}, {} bytes, {} us",
        op.name(),
        op.inode(),
        op.caller(),
        op.errno(),
        op.transferredBytes(),
        op.durationNanos() / 1000);
    next.completed(op);
  }
}
