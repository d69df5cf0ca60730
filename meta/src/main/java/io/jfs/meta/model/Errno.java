package io.jfs.meta.model;

/**
 * Every refusal that the file system can answer, with Linux' number and the C library's text.
 *
 * <p>Refusals are answers, not failures: an operation throws {@link #exception()} when POSIX says
 * no. Sources: errno(3); the texts are those of the access log (vfs-cli spec 1.2).
 */
public enum Errno {
  EPERM(1, "operation not permitted"),
  ENOENT(2, "no such file or directory"),
  EINTR(4, "interrupted system call"),
  EIO(5, "input/output error"),
  ENXIO(6, "no such device or address"),
  EBADF(9, "bad file descriptor"),
  EAGAIN(11, "resource temporarily unavailable"),
  ENOMEM(12, "cannot allocate memory"),
  EACCES(13, "permission denied"),
  EBUSY(16, "device or resource busy"),
  EEXIST(17, "file exists"),
  EXDEV(18, "invalid cross-device link"),
  ENODEV(19, "no such device"),
  ENOTDIR(20, "not a directory"),
  EISDIR(21, "is a directory"),
  EINVAL(22, "invalid argument"),
  ENOTTY(25, "inappropriate ioctl for device"),
  EFBIG(27, "file too large"),
  ENOSPC(28, "no space left on device"),
  EROFS(30, "read-only file system"),
  EMLINK(31, "too many links"),
  EPIPE(32, "broken pipe"),
  ERANGE(34, "numerical result out of range"),
  EDEADLK(35, "resource deadlock avoided"),
  ENAMETOOLONG(36, "file name too long"),
  ENOLCK(37, "no locks available"),
  ENOSYS(38, "function not implemented"),
  ENOTEMPTY(39, "directory not empty"),
  ELOOP(40, "too many levels of symbolic links"),
  ENODATA(61, "no data available"),
  EOPNOTSUPP(95, "operation not supported"),
  ETIMEDOUT(110, "connection timed out"),
  ESTALE(116, "stale file handle"),
  EDQUOT(122, "disk quota exceeded");

  private final int number;
  private final String text;

  // An FsException has no state but this constant: no stack, no cause, no suppressed exceptions.
  @SuppressWarnings("ImmutableEnumChecker")
  private final FsException exception;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
    this.exception = new FsException(this);
  }

  /** Linux' number (asm-generic), positive. */
  public int number() {
    return number;
  }

  /** The C library's message in lower case, as the access log prints it. */
  public String text() {
    return text;
  }

  /** The preallocated, stackless exception that carries this refusal. */
  public FsException exception() {
    return exception;
  }
}
