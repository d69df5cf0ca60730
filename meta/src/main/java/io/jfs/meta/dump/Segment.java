package io.jfs.meta.dump;

import org.jspecify.annotations.Nullable;

/** The kinds of segments of a binary dump. Metadata spec 8.2. */
enum Segment {
  FORMAT(1, "format", 0),
  COUNTER(2, "counter", 13),
  NODE(3, "node", 1),
  EDGE(4, "edge", 2),
  CHUNK(5, "chunk", 3),
  SLICE_REF(6, "sliceRef", 4),
  SYMLINK(7, "symlink", 7),
  SUSTAINED(8, "sustained", 8),
  DELETED_FILE(9, "delFile", 9),
  XATTR(10, "xattr", 5),
  ACL(11, "acl", 12),
  STAT(12, "stat", 10),
  QUOTA(13, "quota", 11),
  PARENT(14, "parent", 6);

  /** What stands in place of a type behind the last segment, and in the footer. */
  static final int END = 0x00747083;

  /** History of changes, which is not loaded: it begins anew. */
  static final int CHANGE_LOG = 15;

  /** Version of the layout. */
  static final int VERSION = 1;

  /** Members of a batch for quotas of users and groups, beside those of directories. */
  static final int USER_QUOTAS = 15;

  static final int GROUP_QUOTAS = 16;

  private final int type;
  private final String title;
  private final int batchField;

  Segment(int type, String title, int batchField) {
    this.type = type;
    this.title = title;
    this.batchField = batchField;
  }

  int type() {
    return type;
  }

  /** Name in the footer. */
  String title() {
    return title;
  }

  /** Number of the member of a batch that holds its rows. */
  int batchField() {
    return batchField;
  }

  /** Name of a type, also of one that is not loaded. */
  static String nameOf(int type) {
    Segment segment = ofType(type);
    return segment == null ? "changeLog" : segment.title;
  }

  /** The kind of a type; null for one that is not known here. */
  static @Nullable Segment ofType(int type) {
    for (Segment segment : values()) {
      if (segment.type == type) {
        return segment;
      }
    }
    return null;
  }
}
