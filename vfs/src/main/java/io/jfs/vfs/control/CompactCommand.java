package io.jfs.vfs.control;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.vfs.compact.Compactor;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@code compact}: compacts every chunk of a file, or of all files below a directory. */
final class CompactCommand implements ControlCommand {
  private final Meta meta;
  private final Tree tree;
  private final Compactor compactor;

  CompactCommand(Meta meta, Tree tree, Compactor compactor) {
    this.meta = meta;
    this.tree = tree;
    this.compactor = compactor;
  }

  @Override
  public int opcode() {
    return 1008;
  }

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply)
      throws FsException, IOException {
    Ino root = new Ino(payload.getLong());
    tree.walk(
        caller,
        root,
        Tree.Reach.ALL,
        (ino, attr) -> {
          if (attr.isRegular()) {
            compactFile(caller, ino, attr, reply);
          }
        });
  }

  private void compactFile(Caller caller, Ino ino, Attr attr, ControlReply reply)
      throws FsException, IOException {
    meta.access(caller, ino, 2);
    int chunks = chunks(attr.lengthBytes());
    reply.advance(chunks, 0);
    for (int index = 0; index < chunks; index++) {
      while (compactor.compact(ino, index)) {
        reply.advance(0, 0);
      }
      reply.advance(0, 1);
    }
  }

  static int chunks(long lengthBytes) {
    return Math.toIntExact((lengthBytes + Slice.CHUNK_BYTES - 1) / Slice.CHUNK_BYTES);
  }
}
