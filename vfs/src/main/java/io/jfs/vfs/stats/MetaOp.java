package io.jfs.vfs.stats;

/** What metadata is asked for, under the reference's names in its metrics. */
enum MetaOp {
  STAT_FS("StatFS"),
  LOOKUP("Lookup"),
  GET_ATTR("GetAttr"),
  OPEN("Open"),
  CLOSE("Close"),
  MKNOD("Mknod"),
  LINK("Link"),
  UNLINK("Unlink"),
  RMDIR("Rmdir"),
  REMOVE("Remove"),
  CLONE("Clone"),
  GET_PATHS("GetPaths"),
  RENAME("Rename"),
  READ_LINK("ReadLink"),
  NEW_DIR_HANDLER("NewDirHandler"),
  SET_ATTR("SetAttr"),
  ACCESS("Access"),
  GET_XATTR("GetXattr"),
  SET_XATTR("SetXattr"),
  LIST_XATTR("ListXattr"),
  REMOVE_XATTR("RemoveXattr"),
  READ("Read"),
  WRITE("Write"),
  TRUNCATE("Truncate"),
  FALLOCATE("Fallocate"),
  COPY_FILE_RANGE("CopyFileRange"),
  COMPACT_CHUNK("CompactChunk"),
  FLOCK("Flock"),
  GETLK("Getlk"),
  SETLK("Setlk"),
  LIST_LOCKS("ListLocks"),
  /** Whatever nobody on this thread has asked for. */
  BACKGROUND("Background");

  private final String text;

  MetaOp(String text) {
    this.text = text;
  }

  /** The value of the label {@code method}. */
  String text() {
    return text;
  }
}
