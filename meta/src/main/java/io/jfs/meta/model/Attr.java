package io.jfs.meta.model;

/**
 * The attributes of one inode: what stat(2) shows and what the format keeps beside it. Immutable;
 * change it with {@link #edit()}. Stored layout: metadata spec 1.1.
 *
 * @param type the kind of inode
 * @param flags inode flags, see the FLAG constants
 * @param mode permission bits, 12 bits: rwx for owner, group, other, and sticky, setgid, setuid
 * @param uid owner
 * @param gid owning group
 * @param atime last access
 * @param mtime last change of the content
 * @param ctime last change of the inode
 * @param nlink number of links; 0 for an inode that is unlinked but open
 * @param lengthBytes content length; 4096 for directories, target length for symlinks, else 0
 * @param rdev device number of a device node in Linux' encoding
 * @param parent containing directory; {@link Ino#NONE} when the parent table counts parents (hard
 *     links)
 * @param accessAcl id of the access ACL rule, 0 for none
 * @param defaultAcl id of the default ACL rule, 0 for none
 * @param tier storage tier, 0..3
 */
public record Attr(
    FileType type,
    int flags,
    int mode,
    int uid,
    int gid,
    Timestamp atime,
    Timestamp mtime,
    Timestamp ctime,
    int nlink,
    long lengthBytes,
    int rdev,
    Ino parent,
    int accessAcl,
    int defaultAcl,
    int tier) {

  /** Nothing about the inode may change (chattr +i). */
  public static final int FLAG_IMMUTABLE = 0x01;

  /** The content may only grow (chattr +a). */
  public static final int FLAG_APPEND = 0x02;

  /** Deletion bypasses the trash (chattr +s). */
  public static final int FLAG_SKIP_TRASH = 0x20;

  /** Set-user-id bit. */
  public static final int SETUID = 04000;

  /** Set-group-id bit. */
  public static final int SETGID = 02000;

  /** Sticky bit. */
  public static final int STICKY = 01000;

  /** The length that every directory shows, and the rounding unit of used space. */
  public static final long DIRECTORY_LENGTH_BYTES = 4096;

  /**
   * Space that a content of {@code lengthBytes} counts as: rounded up to 4096, and 4096 for nothing
   * (spec A(n)).
   */
  public static long alignedSpace(long lengthBytes) {
    return lengthBytes == 0 ? 4096 : (lengthBytes + 4095) & ~4095L;
  }

  /**
   * Space that this inode counts as in the volume's usage: {@link #alignedSpace} for files, 4096
   * for the rest.
   */
  public long usedSpaceBytes() {
    return type == FileType.REGULAR ? alignedSpace(lengthBytes) : 4096;
  }

  /** Whether this is a directory. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** Whether this is a regular file. */
  public boolean isRegular() {
    return type == FileType.REGULAR;
  }

  /** Whether chattr +i is set. */
  public boolean isImmutable() {
    return (flags & FLAG_IMMUTABLE) != 0;
  }

  /** Whether chattr +a is set. */
  public boolean isAppendOnly() {
    return (flags & FLAG_APPEND) != 0;
  }

  /** Whether deletion bypasses the trash. */
  public boolean skipsTrash() {
    return (flags & FLAG_SKIP_TRASH) != 0;
  }

  /** st_mode: type bits and permission bits. */
  public int statMode() {
    return type.modeBits() | mode;
  }

  /** Starts a changed copy. */
  public Editor edit() {
    return new Editor(this);
  }

  /** A changed copy in the making: set what differs, then {@link #build()}. */
  public static final class Editor {
    private final Attr base;
    private int flags;
    private int mode;
    private int uid;
    private int gid;
    private Timestamp atime;
    private Timestamp mtime;
    private Timestamp ctime;
    private int nlink;
    private long lengthBytes;
    private Ino parent;
    private int accessAcl;
    private int defaultAcl;
    private int tier;

    private Editor(Attr base) {
      this.base = base;
      flags = base.flags;
      mode = base.mode;
      uid = base.uid;
      gid = base.gid;
      atime = base.atime;
      mtime = base.mtime;
      ctime = base.ctime;
      nlink = base.nlink;
      lengthBytes = base.lengthBytes;
      parent = base.parent;
      accessAcl = base.accessAcl;
      defaultAcl = base.defaultAcl;
      tier = base.tier;
    }

    public Editor flags(int value) {
      flags = value;
      return this;
    }

    public Editor mode(int value) {
      mode = value & 07777;
      return this;
    }

    public Editor uid(int value) {
      uid = value;
      return this;
    }

    public Editor gid(int value) {
      gid = value;
      return this;
    }

    public Editor atime(Timestamp value) {
      atime = value;
      return this;
    }

    public Editor mtime(Timestamp value) {
      mtime = value;
      return this;
    }

    public Editor ctime(Timestamp value) {
      ctime = value;
      return this;
    }

    /** mtime and ctime: what a change of a directory's entries or a file's content moves. */
    public Editor changed(Timestamp now) {
      mtime = now;
      ctime = now;
      return this;
    }

    public Editor nlink(int value) {
      nlink = value;
      return this;
    }

    public Editor lengthBytes(long value) {
      lengthBytes = value;
      return this;
    }

    public Editor parent(Ino value) {
      parent = value;
      return this;
    }

    public Editor accessAcl(int value) {
      accessAcl = value;
      return this;
    }

    public Editor defaultAcl(int value) {
      defaultAcl = value;
      return this;
    }

    public Editor tier(int value) {
      tier = value;
      return this;
    }

    public Attr build() {
      return new Attr(
          base.type,
          flags,
          mode,
          uid,
          gid,
          atime,
          mtime,
          ctime,
          nlink,
          lengthBytes,
          base.rdev,
          parent,
          accessAcl,
          defaultAcl,
          tier);
    }
  }
}
