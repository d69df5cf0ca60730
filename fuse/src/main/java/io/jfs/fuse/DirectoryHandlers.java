package io.jfs.fuse;

import io.jfs.fuse.proto.Attributes;
import io.jfs.fuse.proto.Dirents;
import io.jfs.fuse.proto.Files.FsyncIn;
import io.jfs.fuse.proto.Files.OpenIn;
import io.jfs.fuse.proto.Files.ReadIn;
import io.jfs.fuse.proto.Files.ReleaseIn;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.DirSink;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Serves open directories. */
final class DirectoryHandlers {
  private final VfsOps ops;
  private final Answers answers;

  DirectoryHandlers(VfsOps ops, Answers answers) {
    this.ops = ops;
    this.answers = answers;
  }

  /**
   * What a READDIR answered.
   *
   * @param entries how many names
   * @param plus whether with attributes
   */
  record Listing(int entries, boolean plus) {}

  void opendir(Operation op) throws FsException, IOException {
    answers.opened(op, ops.opendir(op.request(), op.ino(), OpenIn.of(op.in()).flags()));
  }

  void readdir(Operation op) throws FsException, IOException {
    list(op, false);
  }

  void readdirPlus(Operation op) throws FsException, IOException {
    list(op, true);
  }

  private void list(Operation op, boolean plus) throws FsException, IOException {
    ReadIn in = ReadIn.of(op.in());
    int capacity = Math.min(in.sizeBytes(), op.outCapacityBytes());
    Page page = new Page(op.out(), Reply.PAYLOAD + capacity, plus);
    ops.readdir(op.request(), op.ino(), in.handle(), in.offset(), plus, page);
    op.answer(page.at - Reply.PAYLOAD, new Listing(page.entries, plus));
  }

  void releasedir(Operation op) {
    ops.releasedir(op.request(), op.ino(), ReleaseIn.of(op.in()).handle());
  }

  void fsyncdir(Operation op) throws FsException, IOException {
    FsyncIn in = FsyncIn.of(op.in());
    ops.fsyncdir(op.request(), op.ino(), in.handle(), in.dataOnly());
  }

  /** Gives back the lookups that a READDIRPLUS reply counted and the kernel did not take. */
  void undoPlus(ByteBuffer reply, int entries) {
    int at = Reply.PAYLOAD;
    for (int i = 0; i < entries; i++) {
      long ino = reply.getLong(at);
      if (ino != 0) {
        ops.forget(new Ino(ino), 1);
      }
      at += Dirents.direntPlusBytes(reply.getInt(at + Attributes.ENTRY_OUT_BYTES + 16));
    }
  }

  /** One reply's worth of entries. */
  private final class Page implements DirSink {
    private final ByteBuffer out;
    private final int end;
    private final boolean plus;
    private int at = Reply.PAYLOAD;
    private int entries;

    Page(ByteBuffer out, int end, boolean plus) {
      this.out = out;
      this.end = end;
      this.plus = plus;
    }

    @Override
    public boolean add(byte[] name, Ino ino, FileType type, long nextOffset, @Nullable Attr attr) {
      int bytes = plus ? Dirents.direntPlusBytes(name.length) : Dirents.direntBytes(name.length);
      if (at + bytes > end) {
        return false;
      }
      int direntAt = at;
      if (plus) {
        putEntry(name, ino, attr);
        direntAt += Attributes.ENTRY_OUT_BYTES;
      }
      Dirents.put(out, direntAt, ino.value(), nextOffset, type, name);
      at += bytes;
      entries++;
      return true;
    }

    @Override
    public int sizeBytes() {
      return end - Reply.PAYLOAD;
    }

    /** The kernel counts no lookup for "." and "..". */
    private void putEntry(byte[] name, Ino ino, @Nullable Attr attr) {
      if (attr == null || isDotOrDotDot(name)) {
        Attributes.putNoEntry(out, at);
      } else {
        answers.putEntry(out, at, ino, attr);
      }
    }

    private static boolean isDotOrDotDot(byte[] name) {
      return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
  }
}
