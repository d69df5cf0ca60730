package io.jfs.fuse.proto;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's operations (linux/fuse.h). What is not listed is answered with ENOSYS, and the
 * kernel does without: poll, bmap, syncfs, statx (it asks for it only to learn the birth time, and
 * does not take inode flags from the answer).
 */
public enum Opcode {
  LOOKUP(1),
  FORGET(2),
  GETATTR(3),
  SETATTR(4),
  READLINK(5),
  SYMLINK(6),
  MKNOD(8),
  MKDIR(9),
  UNLINK(10),
  RMDIR(11),
  RENAME(12),
  LINK(13),
  OPEN(14),
  READ(15),
  WRITE(16),
  STATFS(17),
  RELEASE(18),
  FSYNC(20),
  SETXATTR(21),
  GETXATTR(22),
  LISTXATTR(23),
  REMOVEXATTR(24),
  FLUSH(25),
  INIT(26),
  OPENDIR(27),
  READDIR(28),
  RELEASEDIR(29),
  FSYNCDIR(30),
  GETLK(31),
  SETLK(32),
  SETLKW(33),
  ACCESS(34),
  CREATE(35),
  INTERRUPT(36),
  DESTROY(38),
  IOCTL(39),
  BATCH_FORGET(42),
  FALLOCATE(43),
  READDIRPLUS(44),
  RENAME2(45),
  LSEEK(46),
  COPY_FILE_RANGE(47),
  TMPFILE(51),
  COPY_FILE_RANGE_64(53);

  private static final int LIMIT = 64;
  private static final @Nullable Opcode[] BY_NUMBER = new @Nullable Opcode[LIMIT];

  static {
    for (Opcode opcode : values()) {
      BY_NUMBER[opcode.number] = opcode;
    }
  }

  private final int number;
  private final String word;

  Opcode(int number) {
    this.number = number;
    this.word = name().toLowerCase(Locale.ROOT);
  }

  /** The operation with a number; null if it is none of ours. */
  public static @Nullable Opcode of(int number) {
    return number >= 0 && number < LIMIT ? BY_NUMBER[number] : null;
  }

  /** The kernel's number. */
  public int number() {
    return number;
  }

  /** The name in lower case. */
  public String word() {
    return word;
  }
}
