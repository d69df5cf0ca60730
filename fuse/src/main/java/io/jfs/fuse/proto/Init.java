package io.jfs.fuse.proto;

import java.nio.ByteBuffer;

/** INIT: the first request, in which both sides say what they can (fuse spec section 3). */
public final class Init {
  public static final int MAJOR = 7;

  /** The newest minor version whose messages we know. */
  public static final int MINOR = 45;

  /** The oldest kernel that is served: Linux 4.20 (MAX_PAGES, copy_file_range). */
  public static final int OLDEST_MINOR = 28;

  public static final int REPLY_BYTES = OutHeader.BYTES + 64;

  public static final int ASYNC_READ = 1;
  public static final int POSIX_LOCKS = 1 << 1;
  public static final int ATOMIC_O_TRUNC = 1 << 3;
  public static final int EXPORT_SUPPORT = 1 << 4;
  public static final int BIG_WRITES = 1 << 5;
  public static final int DONT_MASK = 1 << 6;
  public static final int FLOCK_LOCKS = 1 << 10;
  public static final int HAS_IOCTL_DIR = 1 << 11;
  public static final int AUTO_INVAL_DATA = 1 << 12;
  public static final int DO_READDIRPLUS = 1 << 13;
  public static final int READDIRPLUS_AUTO = 1 << 14;
  public static final int ASYNC_DIO = 1 << 15;
  public static final int WRITEBACK_CACHE = 1 << 16;
  public static final int PARALLEL_DIROPS = 1 << 18;
  public static final int POSIX_ACL = 1 << 20;
  public static final int ABORT_ERROR = 1 << 21;
  public static final int MAX_PAGES = 1 << 22;
  public static final int CACHE_SYMLINKS = 1 << 23;
  public static final int HANDLE_KILLPRIV_V2 = 1 << 28;
  public static final int SETXATTR_EXT = 1 << 29;

  /**
   * What is always asked for. AUTO_INVAL_DATA and not EXPLICIT_INVAL_DATA: another client's write
   * shows as a new mtime, and the kernel drops its pages by itself. DONT_MASK: the umask comes with
   * the request, because a default ACL overrules it. HANDLE_KILLPRIV_V2: the kernel says when
   * setuid and setgid must go, and so need not ask for security.capability before each write.
   */
  public static final int WANTED =
      ASYNC_READ
          | POSIX_LOCKS
          | ATOMIC_O_TRUNC
          | EXPORT_SUPPORT
          | BIG_WRITES
          | DONT_MASK
          | FLOCK_LOCKS
          | HAS_IOCTL_DIR
          | AUTO_INVAL_DATA
          | DO_READDIRPLUS
          | READDIRPLUS_AUTO
          | PARALLEL_DIROPS
          | ABORT_ERROR
          | MAX_PAGES
          | CACHE_SYMLINKS
          | HANDLE_KILLPRIV_V2
          | SETXATTR_EXT;

  private static final int PAGE_BYTES = 4096;

  /** Requests in the background that the kernel may have under way. */
  public static final int MAX_BACKGROUND = 64;

  private static final int CONGESTION_THRESHOLD = MAX_BACKGROUND * 3 / 4;

  private Init() {}

  /** What the kernel offers: struct fuse_init_in. */
  public record Offer(int major, int minor, int maxReadahead, int flags) {
    /** Reads it from a request. */
    public static Offer of(ByteBuffer in) {
      return new Offer(in.getInt(40), in.getInt(44), in.getInt(48), in.getInt(52));
    }
  }

  /** What both sides have agreed on. */
  public record Agreement(int minor, int maxReadahead, int flags, int maxIoBytes) {
    /**
     * Takes from an offer what is wanted.
     *
     * @param optional further INIT flags that are wanted
     * @param maxIoBytes largest read and write request
     */
    public static Agreement on(Offer offer, int optional, int maxIoBytes) {
      return new Agreement(
          Math.min(MINOR, offer.minor),
          Math.max(offer.maxReadahead, maxIoBytes),
          offer.flags & (WANTED | optional),
          maxIoBytes);
    }

    /** Whether a flag was agreed on. */
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** Writes the whole reply, {@link #REPLY_BYTES} long. */
    public void putReply(ByteBuffer out, long unique) {
      OutHeader.put(out, REPLY_BYTES, 0, unique);
      int at = OutHeader.BYTES;
      out.putInt(at, MAJOR);
      out.putInt(at + 4, minor);
      out.putInt(at + 8, maxReadahead);
      out.putInt(at + 12, flags);
      out.putShort(at + 16, (short) MAX_BACKGROUND);
      out.putShort(at + 18, (short) CONGESTION_THRESHOLD);
      out.putInt(at + 20, maxIoBytes);
      out.putInt(at + 24, 1);
      out.putShort(at + 28, (short) ((maxIoBytes + PAGE_BYTES - 1) / PAGE_BYTES));
      out.putShort(at + 30, (short) 0);
      for (int zero = at + 32; zero < at + 64; zero += Long.BYTES) {
        out.putLong(zero, 0);
      }
    }
  }
}
