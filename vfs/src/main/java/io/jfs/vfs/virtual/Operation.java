package io.jfs.vfs.virtual;

/** The operations that are counted and logged, with their names in the log (spec 1.2). */
public enum Operation {
  LOOKUP("lookup"),
  GETATTR("getattr"),
  SETATTR("setattr"),
  READLINK("readlink"),
  MKNOD("mknod"),
  MKDIR("mkdir"),
  SYMLINK("symlink"),
  LINK("link"),
  UNLINK("unlink"),
  RMDIR("rmdir"),
  RENAME("rename"),
  CREATE("create"),
  TMPFILE("tmpfile"),
  OPEN("open"),
  READ("read"),
  WRITE("write"),
  FLUSH("flush"),
  FSYNC("fsync"),
  RELEASE("release"),
  FALLOCATE("fallocate"),
  LSEEK("lseek"),
  COPY_FILE_RANGE("copy_file_range"),
  OPENDIR("opendir"),
  READDIR("readdir"),
  RELEASEDIR("releasedir"),
  FSYNCDIR("fsyncdir"),
  STATFS("statfs"),
  SETXATTR("setxattr"),
  GETXATTR("getxattr"),
  LISTXATTR("listxattr"),
  REMOVEXATTR("removexattr"),
  ACCESS("access"),
  GETLK("getlk"),
  SETLK("setlk"),
  FLOCK("flock"),
  IOCTL("ioctl"),
  /** None: stands in the log for lines that a reader missed. */
  DROPPED("dropped");

  private final String text;

  Operation(String text) {
    this.text = text;
  }

  /** The name in the log and in metrics. */
  public String text() {
    return text;
  }
}
