package io.jfs.meta.record;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import java.util.List;

/**
 * Every record of a volume, with who writes it and who deletes it: the whole schema. Where each one
 * lies is said by an engine's layout, once per encoding (metadata spec sections 3.2 and 4.2); what
 * they mean together is said by {@code ops}.
 */
public final class Records {
  private Records() {}

  /** The one key of records that exist once per volume. */
  public enum Volume {
    /** The volume itself. */
    KEY
  }

  /**
   * Jobs that one client at a time takes for a while; the value of a lease is when it was last
   * taken, unix seconds.
   */
  public enum Lease {
    CLEANUP_SESSIONS("lastCleanupSessions"),
    CLEANUP_FILES("lastCleanupFiles"),
    CLEANUP_SLICES("nextCleanupSlices"),
    CLEANUP_TRASH("lastCleanupTrash"),
    CLEANUP_CHANGELOG("lastCleanupChangelog");

    private final String counterName;

    Lease(String counterName) {
      this.counterName = counterName;
    }

    /** What the format calls it. */
    public String counterName() {
      return counterName;
    }
  }

  // ---- what a volume is ----

  /**
   * The volume's settings as JSON text. Written by format and config; deleted by destroy. Spec
   * section 2.
   */
  public static final Cell<Volume, byte[]> SETTING = new Cell<>("SETTING");

  /**
   * Who is loading a dump into this database; its records are no volume before that is done.
   * Written and deleted by load, and only jfs knows it.
   */
  public static final Cell<Volume, byte[]> LOADING = new Cell<>("LOADING");

  // ---- the tree ----

  /**
   * Attributes. Written by every operation on the inode; deleted with its last link, or at last
   * close.
   */
  public static final Cell<Ino, Attr> ATTR = new Cell<>("ATTR");

  /** Entries of a directory. Written by create, link, rename; deleted by unlink, rmdir, rename. */
  public static final Table<Ino, Name, Dentry> DENTRY = new Table<>("DENTRY");

  /** Target of a symlink. Written by symlink; deleted with the inode. */
  public static final Cell<Ino, byte[]> SYMLINK = new Cell<>("SYMLINK");

  /**
   * Extended attributes by raw name. Written by setxattr; deleted by removexattr and with the
   * inode.
   */
  public static final Table<Ino, Name, byte[]> XATTR = new Table<>("XATTR");

  /**
   * How many entries of a directory lead to a hard-linked inode (one whose attr.parent is 0); rows
   * of 0 or less count as absent. Key: the inode, then the directory. Written by link, unlink,
   * rename; deleted with the inode.
   */
  public static final Table<Ino, Ino, Long> PARENT = new Table<>("PARENT");

  /**
   * Slices of a chunk in write order. Appended by write, truncate, copy; replaced by compaction;
   * deleted with the file's data.
   */
  public static final Log<ChunkKey, Slice> CHUNK = new Log<>("CHUNK");

  // ---- slices ----

  /**
   * References to a slice minus one; absent means one reference, negative means garbage. Changed by
   * copy, clone, deletion.
   */
  public static final Counter<SliceId> SLICE_REF = new Counter<>("SLICE_REF", 1);

  /**
   * Slices replaced by compaction that the trash still protects. Written by compaction; deleted by
   * the trash job.
   */
  public static final Cell<DelayedSlice, List<SliceId>> DELAYED_SLICES =
      new Cell<>("DELAYED_SLICES");

  /**
   * Files without a link whose data must go: key the inode and its length, value when it was
   * deleted, unix seconds. Written by unlink and last close; deleted when the data is gone.
   */
  public static final Table<Volume, DeletedFile, Long> DELETED_FILE = new Table<>("DELETED_FILE");

  /**
   * A file whose data must go.
   *
   * @param ino it had
   * @param lengthBytes it had
   */
  public record DeletedFile(Ino ino, long lengthBytes) {}

  // ---- clients ----

  /**
   * When a session is given up unless refreshed, unix seconds. Written by the heartbeat; deleted
   * when cleaned.
   */
  public static final Table<Volume, Long, Long> SESSION_EXPIRY = new Table<>("SESSION_EXPIRY");

  /** Who a session is: JSON text, spec 1.7. Written at mount; deleted when cleaned. */
  public static final Table<Volume, Long, byte[]> SESSION = new Table<>("SESSION");

  /**
   * Inodes that a session holds open without a link. Written by unlink of an open file; deleted by
   * last close or cleaning.
   */
  public static final Table<Long, Ino, Boolean> SUSTAINED = new Table<>("SUSTAINED");

  /**
   * BSD locks of an inode: true = exclusive. Read the whole table before writing: some layouts pack
   * it into one value.
   */
  public static final Table<Ino, LockOwner, Boolean> FLOCK = new Table<>("FLOCK");

  /**
   * POSIX locks of an inode, sorted and disjoint per owner. Read the whole table before writing, as
   * for FLOCK.
   */
  public static final Table<Ino, LockOwner, List<PosixLock>> PLOCK = new Table<>("PLOCK");

  /** Job leases. Written by whoever takes the job. */
  public static final Cell<Lease, Long> LEASE = new Cell<>("LEASE");

  /**
   * Roots of clones that are not attached yet, with their time, unix seconds. Written by clone;
   * deleted by attach or gc.
   */
  public static final Table<Volume, Ino, Long> DETACHED = new Table<>("DETACHED");

  // ---- accounting ----

  /** Bytes used by all inodes but the root. Added to by every operation that changes it. */
  public static final Counter<Volume> USED_SPACE = new Counter<>("USED_SPACE", 1);

  /** Number of inodes but the root. Added to by every creation and final removal. */
  public static final Counter<Volume> USED_INODES = new Counter<>("USED_INODES", 1);

  /**
   * Direct children of a directory: length, space, inodes. Made by mkdir (zeros) or a recount;
   * deleted by rmdir. Add only with {@code addIfPresent}: a missing one is recounted, not started.
   */
  public static final Counter<Ino> DIR_STAT = new Counter<>("DIR_STAT", 3);

  /** Limits set on a directory, user or group. Written by quota; deleted by quota and rmdir. */
  public static final Cell<QuotaKey, QuotaLimits> QUOTA = new Cell<>("QUOTA");

  /** Usage counted against a quota: space, inodes. Deleted with the limits. */
  public static final Counter<QuotaKey> QUOTA_USED = new Counter<>("QUOTA_USED", 2);

  /**
   * ACL rules by id; never changed, never deleted. Written by whoever needs a rule that is not
   * there yet.
   */
  public static final Cell<Integer, AclRule> ACL = new Cell<>("ACL");

  // ---- history ----

  /**
   * What was changed, one line of text per operation; kept only where the setting says so. Appended
   * by every operation; its beginning is dropped when it is old. Spec 3.6.
   */
  public static final Log<Volume, byte[]> CHANGE_LOG = new Log<>("CHANGE_LOG");

  /** Id sequences, allocated in batches outside transactions. */
  public enum Sequence {
    INODE("nextInode"),
    SLICE("nextChunk"),
    SESSION("nextSession"),
    TRASH_DIR("nextTrash"),
    ACL("aclMaxId");

    private final String counterName;

    Sequence(String counterName) {
      this.counterName = counterName;
    }

    /** What the format calls its counter; Redis writes some of them in lower case. */
    public String counterName() {
      return counterName;
    }
  }
}
