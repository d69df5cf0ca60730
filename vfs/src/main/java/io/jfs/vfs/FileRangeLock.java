package io.jfs.vfs;

/**
 * A POSIX record lock as fcntl(2) states it.
 *
 * @param type what is asked or held
 * @param start first byte
 * @param end last byte, inclusive; Long.MAX_VALUE for "to the end"
 * @param pid the holder, 0 when it is not a process of this host
 */
public record FileRangeLock(Type type, long start, long end, int pid) {
  /** F_RDLCK, F_WRLCK, F_UNLCK. */
  public enum Type {
    READ,
    WRITE,
    UNLOCK
  }
}
