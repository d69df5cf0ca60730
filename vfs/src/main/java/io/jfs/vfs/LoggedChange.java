package io.jfs.vfs;

import io.jfs.meta.model.FileType;
import io.jfs.vfs.virtual.LogLine;
import java.util.StringJoiner;

/** How the log of operations shows what setattr asks for (vfs-cli spec 1.2). */
final class LoggedChange {
  private LoggedChange() {}

  /** The kernel's FATTR bits. */
  static int validBits(AttrChange change) {
    return bit(change.mode() != null, 0x1)
        | bit(change.uid() != null, 0x2)
        | bit(change.gid() != null, 0x4)
        | bit(change.lengthBytes() != null, 0x8)
        | bit(change.atime() != null || change.atimeNow(), 0x10)
        | bit(change.mtime() != null || change.mtimeNow(), 0x20)
        | bit(change.atimeNow(), 0x80)
        | bit(change.mtimeNow(), 0x100);
  }

  private static int bit(boolean set, int bit) {
    return set ? bit : 0;
  }

  /** The changes in brackets; the mode's first letter is that of {@code type}. */
  static String shown(AttrChange change, FileType type) {
    StringJoiner parts = new StringJoiner(",", "[", "]");
    if (change.mode() != null) {
      parts.add("mode=" + LogLine.mode(type.modeBits() | change.mode(), change.mode()));
    }
    if (change.uid() != null) {
      parts.add("uid=" + Integer.toUnsignedString(change.uid()));
    }
    if (change.gid() != null) {
      parts.add("gid=" + Integer.toUnsignedString(change.gid()));
    }
    if (change.atimeNow()) {
      parts.add("atime=NOW");
    } else if (change.atime() != null) {
      parts.add("atime=" + change.atime().seconds());
    }
    if (change.mtimeNow()) {
      parts.add("mtime=NOW");
    } else if (change.mtime() != null) {
      parts.add("mtime=" + change.mtime().seconds());
    }
    if (change.lengthBytes() != null) {
      parts.add("size=" + change.lengthBytes());
    }
    return parts.toString();
  }
}
