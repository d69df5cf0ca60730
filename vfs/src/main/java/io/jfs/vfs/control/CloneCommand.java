package io.jfs.vfs.control;

import io.jfs.meta.Meta;
import io.jfs.meta.TreeWork;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.ops.Clone;
import java.nio.ByteBuffer;

/** {@code clone}: a copy of a file or a tree that shares its data. */
final class CloneCommand implements ControlCommand {
  private static final int PRESERVE = 1;
  private static final int DEFAULT_THREADS = 4;

  private final Meta meta;

  CloneCommand(Meta meta) {
    this.meta = meta;
  }

  @Override
  public int opcode() {
    return 1006;
  }

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply) throws FsException {
    Ino source = new Ino(payload.getLong());
    payload.getLong(); // the source's parent: its inode says enough
    Ino parent = new Ino(payload.getLong());
    byte[] name = new byte[payload.get() & 0xff];
    payload.get(name);
    int umask = payload.getShort() & 0777;
    boolean preserve = (payload.get() & PRESERVE) != 0;
    int threads = Requests.threads(payload, DEFAULT_THREADS);
    Clone.Ownership ownership = preserve ? Clone.Ownership.PRESERVED : Clone.Ownership.CALLERS;
    TreeWork work = new TreeWork(threads, (found, done) -> reply.advance(done, found));
    Ino unused =
        meta.clone(caller, source, parent, Name.of(name), new Clone.Style(ownership, umask), work);
  }
}
