package io.jfs.meta.admin;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.SliceId;
import org.jspecify.annotations.Nullable;

/**
 * Something in a volume's records that does not add up.
 *
 * @param kind what sort of thing
 * @param ino the inode it is about; {@link Ino#NONE} for the volume as a whole
 * @param detail one line for people
 * @param entry the entry of directory {@code ino} that it is about; null if it is about the inode
 * @param slice the slice that it is about, if it is about one
 * @param remedy what puts it right; null if nothing can
 */
public record Finding(
    Kind kind,
    Ino ino,
    String detail,
    @Nullable Name entry,
    @Nullable SliceId slice,
    @Nullable Remedy remedy) {
  /** About an inode. */
  static Finding of(Kind kind, Ino ino, String detail, @Nullable Remedy remedy) {
    return new Finding(kind, ino, detail, null, null, remedy);
  }

  /** Whether both say the same, whatever would put it right. */
  boolean saysTheSameAs(Finding other) {
    return kind == other.kind && ino.equals(other.ino) && detail.equals(other.detail);
  }

  /** How bad it is. */
  public enum Severity {
    /** Data is lost or in danger. */
    DAMAGE,
    /** Something is wrong that does no harm to data. */
    WRONG,
    /** A statistic is off; clients that crash leave some behind. */
    HINT
  }

  /** Sorts of findings. */
  public enum Kind {
    /** An entry leads to an inode that is not there. */
    DANGLING_ENTRY(Severity.DAMAGE),
    /** The attributes of an inode cannot be read. */
    CORRUPT_ATTR(Severity.DAMAGE),
    /** Entries lie in something that is no directory. */
    ENTRY_OUTSIDE_DIRECTORY(Severity.DAMAGE),
    /** An entry and its inode disagree on the type. */
    WRONG_TYPE(Severity.WRONG),
    /** An inode that no entry leads to and nobody holds open. */
    ORPHAN_INODE(Severity.WRONG),
    /** A directory that cannot be reached from the root. */
    UNREACHABLE_DIRECTORY(Severity.DAMAGE),
    /** A link count that is not the number of links. */
    WRONG_LINK_COUNT(Severity.WRONG),
    /** An inode that is not in the directory it names as its parent. */
    WRONG_PARENT(Severity.WRONG),
    /** The parent table of a hard-linked inode does not match its entries. */
    WRONG_PARENT_TABLE(Severity.WRONG),
    /** The volume's used space or number of inodes is off. */
    WRONG_COUNTER(Severity.WRONG),
    /** A directory's sums are off. */
    WRONG_DIR_STAT(Severity.HINT),
    /** A slice is referred to more often than its count says: it may be deleted too early. */
    SLICE_IN_DANGER(Severity.DAMAGE),
    /** A slice is referred to less often than its count says: it will never be deleted. */
    SLICE_LEAKED(Severity.WRONG),
    /** A slice record that cannot be. */
    BAD_SLICE_RECORD(Severity.DAMAGE),
    /** Slices of a file that neither exists nor waits for deletion. */
    CHUNK_WITHOUT_INODE(Severity.WRONG),
    /** An inode is held open by a session that is not there. */
    SUSTAINED_WITHOUT_SESSION(Severity.WRONG),
    /** A session holds an inode that is not there. */
    SUSTAINED_WITHOUT_INODE(Severity.WRONG),
    /** A lock of a session that is not there. */
    LOCK_WITHOUT_SESSION(Severity.WRONG),
    /** A symlink without a target, or a target without a symlink. */
    SYMLINK_MISMATCH(Severity.DAMAGE),
    /** Attributes, parents or statistics that belong to no inode. */
    LEFTOVER(Severity.WRONG),
    /** A file that waits for deletion still has attributes. */
    DELETED_BUT_ALIVE(Severity.DAMAGE),
    /** The root directory or the setting is missing. */
    VOLUME_INCOMPLETE(Severity.DAMAGE);

    private final Severity severity;

    Kind(Severity severity) {
      this.severity = severity;
    }

    /** How bad it is. */
    public Severity severity() {
      return severity;
    }
  }

  @Override
  public String toString() {
    return kind + (ino.equals(Ino.NONE) ? "" : " inode " + ino) + ": " + detail;
  }
}
