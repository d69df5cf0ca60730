package io.jfs.vfs.handle;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.read.ReadAhead;

/** One open(2): the file, how it was opened, and the reading pattern. */
public final class FileHandle implements HandleTable.Handle {
  /** O_ACCMODE and its values, O_APPEND and others, as Linux numbers them. */
  public static final int O_ACCMODE = 3;

  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_EXCL = 0200;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;

  /** The kernel's own flag for "opened to be executed". */
  public static final int FMODE_EXEC = 0x20;

  private final long number;
  private final OpenFile file;
  private final int flags;
  private final ReadAhead readAhead;

  /** Bytes that a predecessor acknowledged through this handle may not have been stored. */
  private volatile boolean bereft;

  int place = KeptHandles.NO_PLACE; // in the ledger; set once, before anyone sees the handle
  boolean owing; // guarded by file

  FileHandle(long number, OpenFile file, int flags, ReadAhead readAhead) {
    this.number = number;
    this.file = file;
    this.flags = flags;
    this.readAhead = readAhead;
  }

  @Override
  public long number() {
    return number;
  }

  /** What it is open on. */
  public OpenFile file() {
    return file;
  }

  /** open(2)'s flags. */
  public int flags() {
    return flags;
  }

  /** The reading pattern. */
  public ReadAhead readAhead() {
    return readAhead;
  }

  /** Whether these open flags ask for reading. */
  public static boolean reads(int flags) {
    return (flags & O_ACCMODE) != O_WRONLY;
  }

  /** Whether these open flags ask for writing. */
  public static boolean writes(int flags) {
    return (flags & O_ACCMODE) != 0;
  }

  /** Whether writes go to the end. */
  public boolean appends() {
    return (flags & O_APPEND) != 0;
  }

  /** EBADF unless it was opened for writing. */
  public FileHandle requireWritable() throws FsException {
    if (!writes(flags)) {
      throw Errno.EBADF.exception();
    }
    return this;
  }

  /** EBADF unless it was opened for reading. */
  public FileHandle requireReadable() throws FsException {
    if (!reads(flags)) {
      throw Errno.EBADF.exception();
    }
    return this;
  }

  /** Bytes that were acknowledged through this handle may be lost. */
  void bereave() {
    bereft = true;
  }

  /**
   * EIO, from now until it is closed, if the process that served the mount before was killed and
   * may have had bytes that it had not stored: write(2), fsync(2) and close(2) must not pretend.
   */
  public FileHandle requireWhole() throws FsException {
    if (bereft) {
      throw Errno.EIO.exception();
    }
    return this;
  }
}
