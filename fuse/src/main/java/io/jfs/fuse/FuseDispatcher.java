package io.jfs.fuse;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.proto.Forgets;
import io.jfs.fuse.proto.Init;
import io.jfs.fuse.proto.Init.Agreement;
import io.jfs.fuse.proto.Opcode;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.Created;
import io.jfs.vfs.Opened;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each request to its handler and sends what comes of it. {@link #reply} is the only place
 * that catches everything, turns it into an errno, logs it and traces it: handlers neither catch
 * nor log, and there is no request that stays without its one reply.
 */
final class FuseDispatcher {
  private static final Logger log = LoggerFactory.getLogger(FuseDispatcher.class);

  private final VfsOps ops;
  private final Consumer<Operation> trace;
  private final Predicate<Operation> admitted;
  private final LongFunction<@Nullable Operation> inFlight;
  private final LockHandlers locks;
  private final DirectoryHandlers directories;
  private final ResentRequests resent;
  private final Map<Opcode, Handler> handlers;

  /** Whether requests that come again were certainly not carried out. */
  private volatile boolean resentAreNew;

  /** Whether another process will answer what waits. */
  private volatile boolean leaving;

  /**
   * A dispatcher.
   *
   * @param trace is told of every operation after its reply
   * @param agreement what INIT agreed on
   * @param admitted whether the caller may use this mount at all
   * @param inFlight finds a running operation by its id, for INTERRUPT
   * @param lockWaiters take over locks that must wait, see {@link #replyToWaitingLock}
   */
  FuseDispatcher(
      VfsOps ops,
      Consumer<Operation> trace,
      Agreement agreement,
      Predicate<Operation> admitted,
      LongFunction<@Nullable Operation> inFlight,
      Handler lockWaiters) {
    this.ops = ops;
    this.trace = trace;
    this.admitted = admitted;
    this.inFlight = inFlight;
    this.locks = new LockHandlers(ops, lockWaiters);
    Answers answers = new Answers(ops::timeouts);
    this.directories = new DirectoryHandlers(ops, answers);
    this.resent =
        new ResentRequests(
            ops,
            answers,
            new OpenFlags(agreement.has(Init.WRITEBACK_CACHE)),
            agreement.has(Init.SETXATTR_EXT));
    this.handlers = handlers(ops, answers, agreement);
  }

  /**
   * Requests that a process before this one has read and not answered come again: whether they were
   * certainly not carried out. See {@link ResentRequests}.
   */
  void resentAreNew(boolean certainly) {
    resentAreNew = certainly;
  }

  /** From now on locks that wait and cannot be had are left to the process that takes over. */
  void leaveWaiting() {
    leaving = true;
  }

  private Map<Opcode, Handler> handlers(VfsOps ops, Answers answers, Agreement agreement) {
    OpenFlags openFlags = new OpenFlags(agreement.has(Init.WRITEBACK_CACHE));
    NameHandlers names = new NameHandlers(ops, answers, openFlags);
    InodeHandlers inodes = new InodeHandlers(ops, answers, agreement.has(Init.SETXATTR_EXT));
    FileHandlers files = new FileHandlers(ops, answers, openFlags);
    Map<Opcode, Handler> table = new EnumMap<>(Opcode.class);
    table.put(Opcode.LOOKUP, names::lookup);
    table.put(Opcode.FORGET, inodes::forget);
    table.put(Opcode.BATCH_FORGET, inodes::batchForget);
    table.put(Opcode.GETATTR, inodes::getAttr);
    table.put(Opcode.SETATTR, inodes::setAttr);
    table.put(Opcode.READLINK, inodes::readlink);
    table.put(Opcode.SYMLINK, names::symlink);
    table.put(Opcode.MKNOD, names::mknod);
    table.put(Opcode.MKDIR, names::mkdir);
    table.put(Opcode.UNLINK, names::unlink);
    table.put(Opcode.RMDIR, names::rmdir);
    table.put(Opcode.RENAME, names::rename);
    table.put(Opcode.RENAME2, names::rename2);
    table.put(Opcode.LINK, names::link);
    table.put(Opcode.CREATE, names::create);
    table.put(Opcode.TMPFILE, names::tmpfile);
    table.put(Opcode.OPEN, files::open);
    table.put(Opcode.READ, files::read);
    table.put(Opcode.WRITE, files::write);
    table.put(Opcode.FLUSH, files::flush);
    table.put(Opcode.FSYNC, files::fsync);
    table.put(Opcode.RELEASE, files::release);
    table.put(Opcode.FALLOCATE, files::fallocate);
    table.put(Opcode.LSEEK, files::lseek);
    table.put(Opcode.COPY_FILE_RANGE, files::copyRange);
    table.put(Opcode.COPY_FILE_RANGE_64, files::copyRange64);
    table.put(Opcode.IOCTL, files::ioctl);
    table.put(Opcode.OPENDIR, directories::opendir);
    table.put(Opcode.READDIR, directories::readdir);
    table.put(Opcode.READDIRPLUS, directories::readdirPlus);
    table.put(Opcode.RELEASEDIR, directories::releasedir);
    table.put(Opcode.FSYNCDIR, directories::fsyncdir);
    table.put(Opcode.STATFS, inodes::statfs);
    table.put(Opcode.ACCESS, inodes::access);
    table.put(Opcode.SETXATTR, inodes::setXattr);
    table.put(Opcode.GETXATTR, inodes::getXattr);
    table.put(Opcode.LISTXATTR, inodes::listXattr);
    table.put(Opcode.REMOVEXATTR, inodes::removeXattr);
    table.put(Opcode.GETLK, locks::getLock);
    table.put(Opcode.SETLK, locks::setLock);
    table.put(Opcode.SETLKW, locks::setLockOrWait);
    table.put(Opcode.INTERRUPT, this::interrupt);
    table.put(Opcode.DESTROY, Operation::silence);
    return table;
  }

  /** Serves one request, on the calling thread, unless its handler hands it on. */
  void dispatch(Operation op) {
    Handler handler = handlers.get(op.opcode());
    reply(op, handler == null ? FuseDispatcher::refuse : handler);
  }

  /** Serves a lock that a reader handed on; may wait as long as the lock is held. */
  void replyToWaitingLock(Operation op) {
    reply(op, locks::lockWaiting);
  }

  private static void refuse(Operation op) throws FsException {
    throw Errno.ENOSYS.exception();
  }

  /**
   * INTERRUPT: the target's caller got a signal. If the target is not to be found it is either
   * answered already, and the kernel ignores what we say, or another reader has read but not yet
   * shown it, and after EAGAIN the kernel asks again.
   */
  private void interrupt(Operation op) throws FsException {
    op.silence();
    Operation target = inFlight.apply(Forgets.interruptTarget(op.in()));
    if (target == null) {
      throw Errno.EAGAIN.exception();
    }
    target.interrupt();
    op.leaveUnanswered();
  }

  /** Runs a handler and sends its answer, whatever becomes of it. */
  private void reply(Operation op, Handler handler) {
    try {
      int error = errnoOf(op, handler);
      if (op.isAnswered()) {
        send(op, error);
      }
    } finally {
      op.release();
    }
  }

  private int errnoOf(Operation op, Handler handler) {
    try {
      if (!admitted.test(op)) {
        return Errno.EACCES.number();
      }
      return op.isResent() && !resentAreNew ? handleAgain(op, handler) : handle(op, handler);
    } catch (IOException e) {
      log.warn("{} {}: {}", op.name(), op.ino(), e.toString());
      return Errno.EIO.number();
    } catch (Throwable e) {
      log.error("{} {} failed", op.name(), op.ino(), e);
      return Errno.EIO.number();
    }
  }

  private static int handle(Operation op, Handler handler) throws IOException {
    try {
      handler.handle(op);
      return 0;
    } catch (FsException e) {
      return e.errno().number();
    }
  }

  private int handleAgain(Operation op, Handler handler) throws IOException {
    try {
      resent.refuseWhatCannotBeTold(op);
      handler.handle(op);
      return 0;
    } catch (FsException e) {
      return wasDone(op, e.errno()) ? 0 : e.errno().number();
    }
  }

  private boolean wasDone(Operation op, Errno refusal) throws IOException {
    try {
      return resent.answerIfDone(op, refusal);
    } catch (FsException e) {
      return false;
    }
  }

  private void send(Operation op, int error) {
    if (leaving && error != 0 && op.opcode() == Opcode.SETLKW) {
      return;
    }
    try {
      int sent = op.send(error);
      if (sent == -FuseDevice.ENOENT) {
        undo(op);
      } else if (sent == -Errno.EINVAL.number()) {
        log.error("the kernel refused the reply to {} {}", op.name(), op.ino());
      }
      announce(op);
    } catch (Throwable e) {
      log.error("after {} {}", op.name(), op.ino(), e);
    }
  }

  /**
   * The caller was gone before the reply: what the reply would have given him is taken back. The
   * operation itself stands.
   */
  private void undo(Operation op) {
    Object result = op.result();
    if (result instanceof Entry entry) {
      ops.forget(entry.ino(), 1);
    } else if (result instanceof Created created) {
      ops.release(op.request(), created.entry().ino(), created.opened().handle(), 0);
      ops.forget(created.entry().ino(), 1);
    } else if (result instanceof Opened opened && op.opcode() == Opcode.OPENDIR) {
      ops.releasedir(op.request(), op.ino(), opened.handle());
    } else if (result instanceof Opened opened) {
      ops.release(op.request(), op.ino(), opened.handle(), 0);
    } else if (result instanceof DirectoryHandlers.Listing listing && listing.plus()) {
      directories.undoPlus(op.out(), listing.entries());
    }
  }

  private void announce(Operation op) {
    if (!op.isSilent()) {
      trace.accept(op);
    }
  }
}
