package io.jfs.fuse.proto;

import io.jfs.meta.model.Name;
import java.nio.ByteBuffer;

/**
 * Requests that make, remove or move names. The kernel sees to it that names are not empty and have
 * no '/'; they may be longer than {@link Name#MAX_BYTES}.
 */
public final class Names {
  private Names() {}

  /** LOOKUP, UNLINK, RMDIR, REMOVEXATTR: nothing but a name. */
  public static Name name(ByteBuffer in) {
    return first(in, 40);
  }

  private static Name first(ByteBuffer in, int at) {
    return Name.stored(InHeader.string(in, at));
  }

  private static Name second(ByteBuffer in, int at) {
    return Name.stored(InHeader.secondString(in, at));
  }

  /** struct fuse_mknod_in and a name. */
  public record MknodIn(int mode, int rdev, int umask, Name name) {
    public static MknodIn of(ByteBuffer in) {
      return new MknodIn(in.getInt(40), in.getInt(44), in.getInt(48), first(in, 56));
    }
  }

  /** struct fuse_mkdir_in and a name. */
  public record MkdirIn(int mode, int umask, Name name) {
    public static MkdirIn of(ByteBuffer in) {
      return new MkdirIn(in.getInt(40), in.getInt(44), first(in, 48));
    }
  }

  /** SYMLINK: a name, then the target. */
  @SuppressWarnings("ArrayRecordComponent")
  public record SymlinkIn(Name name, byte[] target) {
    public static SymlinkIn of(ByteBuffer in) {
      return new SymlinkIn(first(in, 40), InHeader.secondString(in, 40));
    }
  }

  /** struct fuse_link_in and the new name. */
  public record LinkIn(long oldNodeId, Name newName) {
    public static LinkIn of(ByteBuffer in) {
      return new LinkIn(in.getLong(40), first(in, 48));
    }
  }

  /** struct fuse_rename_in or fuse_rename2_in, the old and the new name. */
  public record RenameIn(long newParent, int flags, Name oldName, Name newName) {
    /** RENAME. */
    public static RenameIn of(ByteBuffer in) {
      return new RenameIn(in.getLong(40), 0, first(in, 48), second(in, 48));
    }

    /** RENAME2: 1 NOREPLACE, 2 EXCHANGE, 4 WHITEOUT. */
    public static RenameIn withFlags(ByteBuffer in) {
      return new RenameIn(in.getLong(40), in.getInt(48), first(in, 56), second(in, 56));
    }
  }

  /** struct fuse_create_in and a name: CREATE, TMPFILE (where the name means nothing). */
  public record CreateIn(int flags, int mode, int umask, Name name) {
    public static CreateIn of(ByteBuffer in) {
      return new CreateIn(in.getInt(40), in.getInt(44), in.getInt(48), first(in, 56));
    }
  }
}
