package io.jfs.vfs.control;

import io.jfs.meta.Meta;
import io.jfs.meta.TreeCrew;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.vfs.compact.Compactor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** {@code compact}: compacts every chunk of a file, or of all files below a directory. */
final class CompactCommand implements ControlCommand {
  private static final int DEFAULT_THREADS = 10;
  private static final int WHOLE = -1;

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
    int threads = payload.remaining() >= Short.BYTES ? payload.getShort() : DEFAULT_THREADS;
    TreeCrew.<Work, IOException>run(
        Requests.limited(threads),
        new Work(root, meta.getAttr(root), WHOLE),
        (work, also) -> step(caller, work, also, reply));
  }

  /** A directory, a file, or one chunk of it. */
  private record Work(Ino ino, Attr attr, int chunk) {}

  private void step(Caller caller, Work work, Consumer<Work> also, ControlReply reply)
      throws FsException, IOException {
    if (work.chunk != WHOLE) {
      compactChunk(work.ino, work.chunk, reply);
    } else if (work.attr.isDirectory()) {
      tree.list(caller, work.ino, (ino, attr) -> also.accept(new Work(ino, attr, WHOLE)));
    } else if (work.attr.isRegular()) {
      meta.access(caller, work.ino, 2);
      int chunks = chunks(work.attr.lengthBytes());
      reply.advance(chunks, 0);
      for (int index = 0; index < chunks; index++) {
        also.accept(new Work(work.ino, work.attr, index));
      }
    }
  }

  private void compactChunk(Ino ino, int index, ControlReply reply)
      throws FsException, IOException {
    while (compactor.compact(ino, index)) {
      reply.advance(0, 0);
    }
    reply.advance(0, 1);
  }

  static int chunks(long lengthBytes) {
    return Math.toIntExact((lengthBytes + Slice.CHUNK_BYTES - 1) / Slice.CHUNK_BYTES);
  }
}
