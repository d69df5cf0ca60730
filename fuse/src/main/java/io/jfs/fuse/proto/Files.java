package io.jfs.fuse.proto;

import java.nio.ByteBuffer;

/** Requests on open files and directories, and their replies. */
public final class Files {
  /** struct fuse_open_out. */
  public static final int OPEN_OUT_BYTES = 16;

  /** struct fuse_write_out. */
  public static final int WRITE_OUT_BYTES = 8;

  /** struct fuse_ioctl_out. */
  public static final int IOCTL_OUT_BYTES = 16;

  /** Where the data of a WRITE starts in the request. */
  public static final int WRITE_DATA_AT = 80;

  /** Reads and writes bypass the page cache. */
  public static final int FOPEN_DIRECT_IO = 1;

  /** Pages cached before this open are still good. */
  public static final int FOPEN_KEEP_CACHE = 2;

  /** The listing may be cached. */
  public static final int FOPEN_CACHE_DIR = 8;

  private Files() {}

  /** struct fuse_open_in: OPEN, OPENDIR. */
  public record OpenIn(int flags, int openFlags) {
    public static OpenIn of(ByteBuffer in) {
      return new OpenIn(in.getInt(40), in.getInt(44));
    }
  }

  /** struct fuse_read_in: READ, READDIR, READDIRPLUS. */
  public record ReadIn(long handle, long offset, int sizeBytes) {
    public static ReadIn of(ByteBuffer in) {
      return new ReadIn(in.getLong(40), in.getLong(48), in.getInt(56));
    }
  }

  /** struct fuse_write_in; the data follows at {@link #WRITE_DATA_AT}. */
  public record WriteIn(long handle, long offset, int sizeBytes, int writeFlags) {
    private static final int KILL_SUIDGID = 1 << 2;

    public static WriteIn of(ByteBuffer in) {
      return new WriteIn(in.getLong(40), in.getLong(48), in.getInt(56), in.getInt(60));
    }

    /** Whether setuid and setgid must go. */
    public boolean killSuidgid() {
      return (writeFlags & KILL_SUIDGID) != 0;
    }
  }

  /** struct fuse_release_in: RELEASE, RELEASEDIR. */
  public record ReleaseIn(long handle, int releaseFlags, long lockOwner) {
    private static final int FLOCK_UNLOCK = 1 << 1;

    public static ReleaseIn of(ByteBuffer in) {
      return new ReleaseIn(in.getLong(40), in.getInt(52), in.getLong(56));
    }

    /** The owner whose flock goes; 0 if it never had one. */
    public long flockOwner() {
      return (releaseFlags & FLOCK_UNLOCK) != 0 ? lockOwner : 0;
    }
  }

  /** struct fuse_flush_in. */
  public record FlushIn(long handle, long lockOwner) {
    public static FlushIn of(ByteBuffer in) {
      return new FlushIn(in.getLong(40), in.getLong(56));
    }
  }

  /** struct fuse_fsync_in: FSYNC, FSYNCDIR. */
  public record FsyncIn(long handle, boolean dataOnly) {
    public static FsyncIn of(ByteBuffer in) {
      return new FsyncIn(in.getLong(40), (in.getInt(48) & 1) != 0);
    }
  }

  /** struct fuse_fallocate_in. */
  public record FallocateIn(long handle, long offset, long lengthBytes, int mode) {
    public static FallocateIn of(ByteBuffer in) {
      return new FallocateIn(in.getLong(40), in.getLong(48), in.getLong(56), in.getInt(64));
    }
  }

  /** struct fuse_lseek_in. */
  public record LseekIn(long handle, long offset, int whence) {
    public static LseekIn of(ByteBuffer in) {
      return new LseekIn(in.getLong(40), in.getLong(48), in.getInt(56));
    }
  }

  /** struct fuse_copy_file_range_in; the source inode is the request's. */
  public record CopyRangeIn(
      long inHandle,
      long inOffset,
      long outNodeId,
      long outHandle,
      long outOffset,
      long lengthBytes,
      int flags) {
    public static CopyRangeIn of(ByteBuffer in) {
      return new CopyRangeIn(
          in.getLong(40),
          in.getLong(48),
          in.getLong(56),
          in.getLong(64),
          in.getLong(72),
          in.getLong(80),
          (int) in.getLong(88));
    }
  }

  /** struct fuse_ioctl_in and the bytes behind it. */
  @SuppressWarnings("ArrayRecordComponent")
  public record IoctlIn(long handle, int flags, int command, long arg, byte[] data, int outBytes) {
    public static IoctlIn of(ByteBuffer in) {
      return new IoctlIn(
          in.getLong(40),
          in.getInt(48),
          in.getInt(52),
          in.getLong(56),
          InHeader.bytes(in, 72, in.getInt(64)),
          in.getInt(68));
    }
  }

  /** Writes struct fuse_open_out. */
  public static void putOpenOut(ByteBuffer out, int at, long handle, int openFlags) {
    out.putLong(at, handle);
    out.putInt(at + 8, openFlags);
    out.putInt(at + 12, 0);
  }

  /** Writes struct fuse_write_out: WRITE, COPY_FILE_RANGE. */
  public static void putWriteOut(ByteBuffer out, int at, int sizeBytes) {
    out.putInt(at, sizeBytes);
    out.putInt(at + 4, 0);
  }

  /** Writes struct fuse_ioctl_out with the result 0 and the data behind it. */
  public static void putIoctlOut(ByteBuffer out, int at, byte[] data) {
    out.putLong(at, 0);
    out.putLong(at + 8, 0);
    out.put(at + IOCTL_OUT_BYTES, data);
  }
}
