package io.jfs.vfs;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** chattr(1) and lsattr(1): the inode flags' ioctls. ioctl_iflags(2); vfs-cli spec 2.5. */
final class InodeFlags {
  private static final int GETFLAGS = 0x80086601;
  private static final int SETFLAGS = 0x40086602;
  private static final int GETFLAGS_32 = 0x80046601;
  private static final int SETFLAGS_32 = 0x40046602;
  private static final int FSGETXATTR = 0x801C581F;
  private static final int FSXATTR_BYTES = 28;

  private static final int FS_SECRM = 0x1;
  private static final int FS_IMMUTABLE = 0x10;
  private static final int FS_APPEND = 0x20;
  private static final int XFLAG_IMMUTABLE = 0x8;
  private static final int XFLAG_APPEND = 0x10;
  private static final int KNOWN = Attr.FLAG_SKIP_TRASH | Attr.FLAG_IMMUTABLE | Attr.FLAG_APPEND;

  private final AttrOps attrs;

  InodeFlags(AttrOps attrs) {
    this.attrs = attrs;
  }

  byte[] ioctl(Request request, Ino ino, int command, byte[] in, int outBytes)
      throws FsException, IOException {
    return switch (command) {
      case GETFLAGS -> number(toFs(attrs.getAttr(ino).flags()), Math.min(8, outBytes));
      case GETFLAGS_32 -> number(toFs(attrs.getAttr(ino).flags()), Math.min(4, outBytes));
      case SETFLAGS, SETFLAGS_32 -> set(request, ino, in);
      case FSGETXATTR ->
          number(toXflags(attrs.getAttr(ino).flags()), Math.min(FSXATTR_BYTES, outBytes));
      default -> throw Errno.ENOTTY.exception();
    };
  }

  private byte[] set(Request request, Ino ino, byte[] in) throws FsException, IOException {
    if (in.length < 4) {
      throw Errno.EINVAL.exception();
    }
    int wanted = ByteBuffer.wrap(in).order(ByteOrder.nativeOrder()).getInt();
    if ((wanted & ~(FS_SECRM | FS_IMMUTABLE | FS_APPEND)) != 0) {
      throw Errno.EOPNOTSUPP.exception();
    }
    if (!request.caller().isRoot()) {
      throw Errno.EPERM.exception();
    }
    int others = attrs.getAttr(ino).flags() & ~KNOWN;
    Attr unused = attrs.update(request, ino, AttrUpdate.ofFlags(others | ofFs(wanted)));
    return new byte[0];
  }

  private static byte[] number(int value, int bytes) throws FsException {
    if (bytes < 4) {
      throw Errno.EINVAL.exception();
    }
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  private static int toFs(int flags) {
    return map(flags, Attr.FLAG_SKIP_TRASH, FS_SECRM)
        | map(flags, Attr.FLAG_IMMUTABLE, FS_IMMUTABLE)
        | map(flags, Attr.FLAG_APPEND, FS_APPEND);
  }

  private static int toXflags(int flags) {
    return map(flags, Attr.FLAG_IMMUTABLE, XFLAG_IMMUTABLE)
        | map(flags, Attr.FLAG_APPEND, XFLAG_APPEND);
  }

  private static int ofFs(int fs) {
    return map(fs, FS_SECRM, Attr.FLAG_SKIP_TRASH)
        | map(fs, FS_IMMUTABLE, Attr.FLAG_IMMUTABLE)
        | map(fs, FS_APPEND, Attr.FLAG_APPEND);
  }

  private static int map(int from, int bit, int to) {
    return (from & bit) != 0 ? to : 0;
  }
}
