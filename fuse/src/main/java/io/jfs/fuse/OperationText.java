package io.jfs.fuse;

import io.jfs.fuse.proto.Attributes;
import io.jfs.fuse.proto.Attributes.SetAttrIn;
import io.jfs.fuse.proto.Files.CopyRangeIn;
import io.jfs.fuse.proto.Files.FallocateIn;
import io.jfs.fuse.proto.Files.FlushIn;
import io.jfs.fuse.proto.Files.FsyncIn;
import io.jfs.fuse.proto.Files.IoctlIn;
import io.jfs.fuse.proto.Files.LseekIn;
import io.jfs.fuse.proto.Files.OpenIn;
import io.jfs.fuse.proto.Files.ReadIn;
import io.jfs.fuse.proto.Files.ReleaseIn;
import io.jfs.fuse.proto.Files.WriteIn;
import io.jfs.fuse.proto.Locks.LkIn;
import io.jfs.fuse.proto.Names;
import io.jfs.fuse.proto.Names.CreateIn;
import io.jfs.fuse.proto.Names.LinkIn;
import io.jfs.fuse.proto.Names.MkdirIn;
import io.jfs.fuse.proto.Names.MknodIn;
import io.jfs.fuse.proto.Names.RenameIn;
import io.jfs.fuse.proto.Names.SymlinkIn;
import io.jfs.fuse.proto.Opcode;
import io.jfs.fuse.proto.Xattrs;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.AttrChange;
import io.jfs.vfs.Created;
import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.Opened;
import io.jfs.vfs.VolumeStat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names and arguments of the kernel's operations as the access log shows them (vfs-cli spec 1.2):
 * read back from the request's bytes and the handler's result, so that nothing is kept for the log
 * while nobody reads it.
 */
final class OperationText {
  private OperationText() {}

  static String name(Operation op) {
    return switch (op.opcode()) {
      case READDIRPLUS -> "readdir";
      case RENAME2 -> "rename";
      case TMPFILE -> "create";
      case COPY_FILE_RANGE_64 -> "copy_file_range";
      case SETLK, SETLKW -> LkIn.of(op.in()).flock() ? "flock" : "setlk";
      default -> op.opcode().word();
    };
  }

  static String arguments(Operation op) {
    ByteBuffer in = op.in();
    long ino = op.ino().value();
    return switch (op.opcode()) {
      case LOOKUP -> "(" + ino + "," + LogText.quote(Names.name(in).bytes()) + "):" + entry(op);
      case GETATTR -> "(" + ino + "):" + entry(op);
      case SETATTR -> setAttr(op);
      case READLINK -> "(" + ino + "): (" + readlink(op.result()) + ")";
      case SYMLINK -> {
        SymlinkIn s = SymlinkIn.of(in);
        yield list(ino, LogText.quote(s.name().bytes()), LogText.quote(s.target()))
            + ":"
            + entry(op);
      }
      case MKNOD -> {
        MknodIn m = MknodIn.of(in);
        String rdev = String.format(Locale.ROOT, "0x%08X", m.rdev());
        yield list(ino, LogText.quote(m.name().bytes()), mode(m.mode()), rdev) + ":" + entry(op);
      }
      case MKDIR -> {
        MkdirIn m = MkdirIn.of(in);
        yield list(ino, LogText.quote(m.name().bytes()), mode(m.mode())) + ":" + entry(op);
      }
      case UNLINK, RMDIR, REMOVEXATTR -> list(ino, LogText.quote(Names.name(in).bytes()));
      case RENAME -> rename(ino, RenameIn.of(in));
      case RENAME2 -> rename(ino, RenameIn.withFlags(in));
      case LINK -> {
        LinkIn l = LinkIn.of(in);
        yield list(l.oldNodeId(), ino, LogText.quote(l.newName().bytes())) + ":" + entry(op);
      }
      case CREATE, TMPFILE -> {
        CreateIn c = CreateIn.of(in);
        yield list(ino, LogText.quote(c.name().bytes()), mode(c.mode()))
            + ":"
            + entry(op)
            + handle(op);
      }
      case OPEN -> list(ino, hex(OpenIn.of(in).flags())) + handle(op);
      case OPENDIR -> list(ino) + handle(op);
      case READ -> read(ino, ReadIn.of(in), op.result());
      case WRITE -> {
        WriteIn w = WriteIn.of(in);
        yield list(ino, w.sizeBytes(), w.offset(), w.handle());
      }
      case READDIR, READDIRPLUS -> readdir(ino, op);
      case RELEASE -> list(ino, ReleaseIn.of(in).handle());
      case FSYNC, FSYNCDIR -> list(ino, FsyncIn.of(in).dataOnly() ? 1 : 0);
      case FLUSH -> {
        FlushIn f = FlushIn.of(in);
        yield list(ino, f.handle(), owner(f.lockOwner()));
      }
      case FALLOCATE -> {
        FallocateIn f = FallocateIn.of(in);
        yield list(ino, f.mode(), f.offset(), f.lengthBytes());
      }
      case LSEEK -> {
        LseekIn l = LseekIn.of(in);
        yield list(ino, l.handle(), l.offset(), l.whence()) + result(op.result());
      }
      case COPY_FILE_RANGE, COPY_FILE_RANGE_64 -> copyRange(ino, CopyRangeIn.of(in));
      case SETXATTR -> setXattr(op);
      case GETXATTR ->
          list(ino, LogText.quote(Xattrs.getName(in)), Xattrs.capacityBytes(in))
              + result(op.result());
      case LISTXATTR -> list(ino, Xattrs.capacityBytes(in)) + result(op.result());
      case ACCESS -> list(ino, hex(Attributes.accessMask(in)));
      case STATFS -> list(ino) + statfs(op.result());
      case GETLK -> getLock(ino, LkIn.of(in), op.result());
      case SETLK, SETLKW -> setLock(ino, LkIn.of(in), op.opcode() == Opcode.SETLKW);
      case IOCTL -> ioctl(ino, IoctlIn.of(in), op.result());
      case RELEASEDIR, INIT, DESTROY, FORGET, BATCH_FORGET, INTERRUPT -> list(ino);
    };
  }

  private static String list(Object... arguments) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < arguments.length; i++) {
      text.append(i == 0 ? "" : ",").append(arguments[i]);
    }
    return text.append(')').toString();
  }

  private static String mode(int mode) {
    return LogText.mode(mode) + ":0" + String.format(Locale.ROOT, "%04o", mode);
  }

  private static String hex(int flags) {
    return "0x" + Integer.toHexString(flags).toUpperCase(Locale.ROOT);
  }

  private static String owner(long owner) {
    return String.format(Locale.ROOT, "%016X", owner);
  }

  private static String result(@Nullable Object result) {
    return ": (" + (result == null ? 0 : result) + ")";
  }

  private static String entry(Operation op) {
    if (op.result() instanceof Entry entry) {
      return LogText.entry(entry);
    }
    return op.result() instanceof Created created ? LogText.entry(created.entry()) : "";
  }

  private static String handle(Operation op) {
    if (op.result() instanceof Opened opened) {
      return " [fh:" + opened.handle() + "]";
    }
    return op.result() instanceof Created created ? " [fh:" + created.opened().handle() + "]" : "";
  }

  private static String readlink(@Nullable Object target) {
    return target instanceof byte[] bytes ? LogText.quote(bytes) : "";
  }

  private static String setAttr(Operation op) {
    SetAttrIn in = SetAttrIn.of(op.in());
    AttrChange change = in.change();
    List<String> parts = new ArrayList<>();
    if (change.mode() != null) {
      String octal = String.format(Locale.ROOT, "%04o", change.mode());
      parts.add("mode=" + LogText.mode(SetAttrIn.rawMode(op.in())) + ":0" + octal);
    }
    addIfGiven(parts, "uid", change.uid());
    addIfGiven(parts, "gid", change.gid());
    addTime(parts, "atime", change.atime(), change.atimeNow());
    addTime(parts, "mtime", change.mtime(), change.mtimeNow());
    addIfGiven(parts, "size", change.lengthBytes());
    long handle = Math.max(0, in.handle());
    return "(%d[%d],0x%X,[%s]):%s"
        .formatted(op.ino().value(), handle, in.valid(), String.join(",", parts), entry(op));
  }

  private static void addIfGiven(List<String> parts, String name, @Nullable Number value) {
    if (value != null) {
      parts.add(name + "=" + value);
    }
  }

  private static void addTime(
      List<String> parts, String name, @Nullable Timestamp time, boolean now) {
    if (now) {
      parts.add(name + "=NOW");
    } else if (time != null) {
      parts.add(name + "=" + time.seconds());
    }
  }

  private static String rename(long parent, RenameIn in) {
    return list(
        parent,
        LogText.quote(in.oldName().bytes()),
        in.newParent(),
        LogText.quote(in.newName().bytes()),
        in.flags());
  }

  private static String read(long ino, ReadIn in, @Nullable Object result) {
    return list(ino, in.sizeBytes(), in.offset(), in.handle()) + result(result);
  }

  private static String readdir(long ino, Operation op) {
    ReadIn in = ReadIn.of(op.in());
    boolean plus = op.opcode() == Opcode.READDIRPLUS;
    int entries = op.result() instanceof DirectoryHandlers.Listing listing ? listing.entries() : 0;
    return list(ino, in.sizeBytes(), in.offset(), plus) + ": (" + entries + ")";
  }

  private static String copyRange(long ino, CopyRangeIn in) {
    return list(ino, in.inOffset(), in.outNodeId(), in.outOffset(), in.lengthBytes(), in.flags());
  }

  private static String setXattr(Operation op) {
    return op.decoded() instanceof Xattrs.SetIn in
        ? list(op.ino().value(), LogText.quote(in.name()), in.value().length, in.flags())
        : list(op.ino().value());
  }

  private static String statfs(@Nullable Object result) {
    if (!(result instanceof VolumeStat stat)) {
      return ": (0,0,0,0)";
    }
    long used = stat.totalBytes() - stat.availableBytes();
    return ": " + list(used, stat.availableBytes(), stat.usedInodes(), stat.availableInodes());
  }

  private static char letter(FileRangeLock.Type type) {
    return switch (type) {
      case READ -> 'R';
      case WRITE -> 'W';
      case UNLOCK -> 'U';
    };
  }

  private static String getLock(long ino, LkIn in, @Nullable Object result) {
    FileRangeLock found = result instanceof FileRangeLock lock ? lock : in.lock();
    String answer = list(found.start(), found.end(), letter(found.type()), found.pid());
    return list(ino, in.handle(), owner(in.owner())) + ": " + answer;
  }

  private static String setLock(long ino, LkIn in, boolean block) {
    FileRangeLock lock = in.lock();
    if (in.flock()) {
      String operation =
          switch (lock.type()) {
            case READ -> "LOCKSH";
            case WRITE -> "LOCKEX";
            case UNLOCK -> "UNLOCK";
          };
      return list(ino, in.handle(), owner(in.owner()), operation, block);
    }
    return list(
        ino,
        in.handle(),
        owner(in.owner()),
        lock.start(),
        lock.end(),
        letter(lock.type()),
        block,
        lock.pid());
  }

  private static String ioctl(long ino, IoctlIn in, @Nullable Object result) {
    byte[] out = result instanceof byte[] bytes ? bytes : new byte[0];
    String arg = "0x" + Long.toHexString(in.arg()).toUpperCase(Locale.ROOT);
    return list(ino, hex(in.command()), arg, LogText.bytes(in.data()), LogText.bytes(out));
  }
}
