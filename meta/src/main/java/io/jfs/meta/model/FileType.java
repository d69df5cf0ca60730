package io.jfs.meta.model;

/**
 * The seven kinds of inode, with the code of the stored format and the bits of st_mode. Metadata
 * spec section 0; inode(7).
 */
public enum FileType {
  REGULAR(1, 0100000),
  DIRECTORY(2, 0040000),
  SYMLINK(3, 0120000),
  FIFO(4, 0010000),
  BLOCK_DEVICE(5, 0060000),
  CHAR_DEVICE(6, 0020000),
  SOCKET(7, 0140000);

  /** The mask of the type bits in st_mode (S_IFMT). */
  public static final int MODE_MASK = 0170000;

  private static final FileType[] VALUES = values();

  private final int code;
  private final int modeBits;

  FileType(int code, int modeBits) {
    this.code = code;
    this.modeBits = modeBits;
  }

  /** The stored code, 1 to 7. */
  public int code() {
    return code;
  }

  /** The S_IFxxx bits of st_mode. */
  public int modeBits() {
    return modeBits;
  }

  /**
   * The type with a stored code.
   *
   * @throws CorruptRecordException if there is none
   */
  public static FileType ofCode(int code) {
    if (code < 1 || code > VALUES.length) {
      throw new CorruptRecordException("file type code " + code);
    }
    return VALUES[code - 1];
  }

  /**
   * The type named by the S_IFMT bits of a mode; no bits mean a regular file, as for mknod(2).
   *
   * @throws FsException EINVAL if the bits name none
   */
  public static FileType ofMode(int mode) throws FsException {
    int bits = mode & MODE_MASK;
    if (bits == 0) {
      return REGULAR;
    }
    for (FileType type : VALUES) {
      if (type.modeBits == bits) {
        return type;
      }
    }
    throw Errno.EINVAL.exception();
  }
}
