package io.jfs.vfs.control;

import io.jfs.meta.Meta;
import io.jfs.meta.Meta.Disposal;
import io.jfs.meta.TreeWork;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.nio.ByteBuffer;

/** {@code rmr}: removes a name with everything below it. */
final class RemoveCommand implements ControlCommand {
  private static final int SKIP_TRASH = 1;
  private static final int DEFAULT_THREADS = 50;

  private final Meta meta;

  RemoveCommand(Meta meta) {
    this.meta = meta;
  }

  @Override
  public int opcode() {
    return 1002;
  }

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply) throws FsException {
    Ino parent = new Ino(payload.getLong());
    byte[] name = new byte[payload.get() & 0xff];
    payload.get(name);
    int flags = payload.hasRemaining() ? payload.get() : 0;
    int threads = Requests.threads(payload, DEFAULT_THREADS);
    boolean skipTrash = (flags & SKIP_TRASH) != 0;
    if (skipTrash && !caller.isRoot()) {
      throw Errno.EPERM.exception();
    }
    Disposal disposal = skipTrash ? Disposal.FOR_GOOD : Disposal.TRASH;
    TreeWork work = new TreeWork(threads, (found, done) -> reply.advance(done, 0));
    long unused = meta.removeTree(caller, parent, Name.of(name), disposal, work);
  }
}
