package io.jfs.fuse;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code -o debug}: every operation as a line of the client's log, after its reply is out. */
final class DebugLog implements Consumer<Operation> {
  private static final Logger log = LoggerFactory.getLogger(DebugLog.class);

  @Override
  public void accept(Operation op) {
    log.debug(
        "{} inode {} by {}: errno {}, {} bytes, {} us",
        op.name(),
        op.ino(),
        op.caller(),
        op.errno(),
        op.transferredBytes(),
        op.durationNanos() / 1000);
  }
}
