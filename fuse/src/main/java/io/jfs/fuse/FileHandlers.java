package io.jfs.fuse;

import io.jfs.fuse.proto.Files;
import io.jfs.fuse.proto.Files.CopyRangeIn;
import io.jfs.fuse.proto.Files.FallocateIn;
import io.jfs.fuse.proto.Files.FlushIn;
import io.jfs.fuse.proto.Files.FsyncIn;
import io.jfs.fuse.proto.Files.IoctlIn;
import io.jfs.fuse.proto.Files.LseekIn;
import io.jfs.fuse.proto.Files.OpenIn;
import io.jfs.fuse.proto.Files.ReadIn;
import io.jfs.fuse.proto.Files.ReleaseIn;
import io.jfs.fuse.proto.Files.WriteIn;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Serves open files. */
final class FileHandlers {
  /** The most that one COPY_FILE_RANGE copies: its reply's size has 32 bits. */
  private static final long MAX_COPY_BYTES = 0x7ffff000L;

  private final VfsOps ops;
  private final Answers answers;
  private final OpenFlags openFlags;

  FileHandlers(VfsOps ops, Answers answers, OpenFlags openFlags) {
    this.ops = ops;
    this.answers = answers;
    this.openFlags = openFlags;
  }

  void open(Operation op) throws FsException, IOException {
    OpenIn in = OpenIn.of(op.in());
    answers.opened(op, ops.open(op.request(), op.ino(), openFlags.of(in.flags())));
  }

  void read(Operation op) throws FsException, IOException {
    ReadIn in = ReadIn.of(op.in());
    ReadData data = ops.read(op.request(), op.ino(), in.handle(), in.offset(), in.sizeBytes());
    op.answer(data);
    if (data.lengthBytes() > in.sizeBytes()) {
      throw new IllegalStateException(
          "read answered " + data.lengthBytes() + " bytes for " + in.sizeBytes());
    }
  }

  void write(Operation op) throws FsException, IOException {
    WriteIn in = WriteIn.of(op.in());
    ByteBuffer data = op.in().slice(Files.WRITE_DATA_AT, in.sizeBytes());
    int written =
        ops.write(op.request(), op.ino(), in.handle(), in.offset(), data, in.killSuidgid());
    Files.putWriteOut(op.out(), Reply.PAYLOAD, written);
    op.answer(Files.WRITE_OUT_BYTES, written);
  }

  void flush(Operation op) throws FsException, IOException {
    FlushIn in = FlushIn.of(op.in());
    ops.flush(op.request(), op.ino(), in.handle(), in.lockOwner());
  }

  void fsync(Operation op) throws FsException, IOException {
    FsyncIn in = FsyncIn.of(op.in());
    ops.fsync(op.request(), op.ino(), in.handle(), in.dataOnly());
  }

  void release(Operation op) {
    ReleaseIn in = ReleaseIn.of(op.in());
    ops.release(op.request(), op.ino(), in.handle(), in.flockOwner());
  }

  void fallocate(Operation op) throws FsException, IOException {
    FallocateIn in = FallocateIn.of(op.in());
    ops.fallocate(op.request(), op.ino(), in.handle(), in.mode(), in.offset(), in.lengthBytes());
  }

  void lseek(Operation op) throws FsException, IOException {
    LseekIn in = LseekIn.of(op.in());
    long offset = ops.lseek(op.request(), op.ino(), in.handle(), in.offset(), in.whence());
    op.out().putLong(Reply.PAYLOAD, offset);
    op.answer(Long.BYTES);
  }

  void copyRange(Operation op) throws FsException, IOException {
    CopyRangeIn in = CopyRangeIn.of(op.in());
    long copied = copy(op, in, Math.min(in.lengthBytes(), MAX_COPY_BYTES));
    Files.putWriteOut(op.out(), Reply.PAYLOAD, (int) copied);
    op.answer(Files.WRITE_OUT_BYTES);
  }

  void copyRange64(Operation op) throws FsException, IOException {
    CopyRangeIn in = CopyRangeIn.of(op.in());
    long copied = copy(op, in, in.lengthBytes());
    op.out().putLong(Reply.PAYLOAD, copied);
    op.answer(Long.BYTES);
  }

  private long copy(Operation op, CopyRangeIn in, long lengthBytes)
      throws FsException, IOException {
    return ops.copyFileRange(
        op.request(),
        op.ino(),
        in.inHandle(),
        in.inOffset(),
        new Ino(in.outNodeId()),
        in.outHandle(),
        in.outOffset(),
        lengthBytes,
        in.flags());
  }

  void ioctl(Operation op) throws FsException, IOException {
    IoctlIn in = IoctlIn.of(op.in());
    int capacity = Math.min(in.outBytes(), op.outCapacityBytes() - Files.IOCTL_OUT_BYTES);
    byte[] answer =
        ops.ioctl(op.request(), op.ino(), in.handle(), in.command(), in.arg(), in.data(), capacity);
    if (answer.length > capacity) {
      throw Errno.EINVAL.exception();
    }
    Files.putIoctlOut(op.out(), Reply.PAYLOAD, answer);
    op.answer(Files.IOCTL_OUT_BYTES + answer.length);
  }
}
