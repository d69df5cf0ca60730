package io.jfs.fuse.jnr;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.AttrChange;
import io.jfs.vfs.Created;
import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.Opened;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import jnr.ffi.Pointer;
import jnr.ffi.Struct;
import org.jspecify.annotations.Nullable;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.Flock;
import ru.serce.jnrfuse.struct.FuseContext;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/** libfuse's callbacks, each turned into operations of a {@link VfsOps}. */
// The signatures are jnr-fuse's; the class must be public for its generated callers.
public final class PathFileSystem extends FuseStubFS {
  private static final int UTIME_NOW = (1 << 30) - 1;
  private static final int UTIME_OMIT = (1 << 30) - 2;
  private static final int LOCK_SH = 1;
  private static final int LOCK_NB = 4;
  private static final int LOCK_UN = 8;
  private static final int F_GETLK = 5;
  private static final int F_SETLKW = 7;

  private final VfsOps ops;
  private final PathReply reply;
  private final Runnable whenConnected;

  /** The inode of each open handle; it holds a reference. */
  private final ConcurrentHashMap<Long, Ino> open = new ConcurrentHashMap<>();

  /** {@code whenConnected} runs when the kernel's INIT is being answered. */
  PathFileSystem(VfsOps ops, Function<FuseContext, Caller> callers, Runnable whenConnected) {
    this.ops = ops;
    this.reply = new PathReply(ops, () -> callers.apply(getContext()));
    this.whenConnected = whenConnected;
  }

  /** Serves until the mount is gone; libfuse's exit status. */
  int serve(String[] arguments) {
    return libFuse.fuse_main_real(
        arguments.length, arguments, fuseOperations, Struct.size(fuseOperations), null);
  }

  @Override
  public @Nullable Pointer init(Pointer connection) {
    whenConnected.run();
    return null;
  }

  // ---- attributes ----

  @Override
  public int getattr(String path, FileStat stat) {
    return reply.run(
        "getattr",
        walk -> {
          Entry entry = walk.entry(path);
          Stats.put(stat, entry.ino(), entry.attr());
        });
  }

  @Override
  public int fgetattr(String path, FileStat stat, FuseFileInfo file) {
    return reply.run(
        "getattr",
        walk -> {
          Ino ino = inodeOf(file);
          Stats.put(stat, ino, ops.getAttr(walk.request(), ino, file.fh.get()));
        });
  }

  private int change(String path, AttrChange change) {
    return reply.run("setattr", walk -> change(walk, walk.find(path), -1, change));
  }

  private void change(Walk walk, Ino ino, long handle, AttrChange change)
      throws FsException, IOException {
    Attr unused = ops.setAttr(walk.request(), ino, handle, change);
  }

  @Override
  public int chmod(String path, long mode) {
    return change(
        path,
        new AttrChange((int) mode & 07777, null, null, null, null, null, false, false, false));
  }

  @Override
  public int chown(String path, long uid, long gid) {
    return change(
        path, new AttrChange(null, given(uid), given(gid), null, null, null, false, false, true));
  }

  /** chown(2): -1 leaves an id as it is. */
  private static @Nullable Integer given(long id) {
    return (int) id == -1 ? null : Integer.valueOf((int) id);
  }

  private static AttrChange length(long lengthBytes) {
    return new AttrChange(null, null, null, lengthBytes, null, null, false, false, false);
  }

  @Override
  public int truncate(String path, long lengthBytes) {
    return change(path, length(lengthBytes));
  }

  @Override
  public int ftruncate(String path, long lengthBytes, FuseFileInfo file) {
    return reply.run(
        "setattr", walk -> change(walk, inodeOf(file), file.fh.get(), length(lengthBytes)));
  }

  @Override
  public int utimens(String path, Timespec[] times) {
    Timespec atime = times[0];
    Timespec mtime = times[1];
    return change(
        path,
        new AttrChange(
            null, null, null, null, time(atime), time(mtime), isNow(atime), isNow(mtime), false));
  }

  private static boolean isNow(Timespec time) {
    return time.tv_nsec.intValue() == UTIME_NOW;
  }

  private static @Nullable Timestamp time(Timespec time) {
    int nanos = time.tv_nsec.intValue();
    boolean given = nanos != UTIME_NOW && nanos != UTIME_OMIT;
    return given ? new Timestamp(time.tv_sec.get(), nanos) : null;
  }

  @Override
  public int access(String path, int mask) {
    return reply.run("access", walk -> ops.access(walk.request(), walk.find(path), mask));
  }

  @Override
  public int statfs(String path, Statvfs stat) {
    return reply.run(
        "statfs", walk -> Stats.put(stat, ops.statfs(walk.request(), walk.find(path))));
  }

  // ---- names: libfuse does not ask for umask handling, the kernel has applied it ----

  @Override
  public int readlink(String path, Pointer buffer, long sizeBytes) {
    return reply.run(
        "readlink",
        walk -> {
          byte[] target = ops.readlink(walk.request(), walk.find(path));
          int length = (int) Math.min(target.length, sizeBytes - 1);
          buffer.put(0, target, 0, length);
          buffer.putByte(length, (byte) 0);
        });
  }

  @Override
  public int mknod(String path, long mode, long rdev) {
    return reply.run(
        "mknod",
        walk -> {
          Walk.Place at = walk.place(path);
          walk.reference(
              ops.mknod(walk.request(), at.parent(), at.name(), (int) mode, 0, (int) rdev));
        });
  }

  @Override
  public int mkdir(String path, long mode) {
    return reply.run(
        "mkdir",
        walk -> {
          Walk.Place at = walk.place(path);
          walk.reference(ops.mkdir(walk.request(), at.parent(), at.name(), (int) mode, 0));
        });
  }

  @Override
  public int symlink(String target, String path) {
    return reply.run(
        "symlink",
        walk -> {
          Walk.Place at = walk.place(path);
          byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
          walk.reference(ops.symlink(walk.request(), at.parent(), at.name(), bytes));
        });
  }

  @Override
  public int link(String path, String newPath) {
    return reply.run(
        "link",
        walk -> {
          Ino ino = walk.find(path);
          Walk.Place at = walk.place(newPath);
          walk.reference(ops.link(walk.request(), ino, at.parent(), at.name()));
        });
  }

  @Override
  public int unlink(String path) {
    return reply.run(
        "unlink",
        walk -> {
          Walk.Place at = walk.place(path);
          ops.unlink(walk.request(), at.parent(), at.name());
        });
  }

  @Override
  public int rmdir(String path) {
    return reply.run(
        "rmdir",
        walk -> {
          Walk.Place at = walk.place(path);
          ops.rmdir(walk.request(), at.parent(), at.name());
        });
  }

  @Override
  public int rename(String path, String newPath) {
    return reply.run(
        "rename",
        walk -> {
          Walk.Place from = walk.place(path);
          Walk.Place to = walk.place(newPath);
          ops.rename(walk.request(), from.parent(), from.name(), to.parent(), to.name(), 0);
        });
  }

  // ---- open files ----

  private Ino inodeOf(FuseFileInfo file) throws FsException {
    Ino ino = open.get(file.fh.get());
    if (ino == null) {
      throw Errno.EBADF.exception();
    }
    return ino;
  }

  private void opened(Walk walk, Ino ino, Opened opened, FuseFileInfo file) {
    walk.keep(ino);
    open.put(opened.handle(), ino);
    file.fh.set(opened.handle());
  }

  private void closed(FuseFileInfo file) {
    Ino ino = open.remove(file.fh.get());
    if (ino != null && !ino.equals(Ino.ROOT)) {
      ops.forget(ino, 1);
    }
  }

  @Override
  public int create(String path, long mode, FuseFileInfo file) {
    return reply.run(
        "create",
        walk -> {
          Walk.Place at = walk.place(path);
          Created created =
              ops.create(walk.request(), at.parent(), at.name(), (int) mode, 0, file.flags.get());
          opened(walk, created.entry().ino(), created.opened(), file);
        });
  }

  @Override
  public int open(String path, FuseFileInfo file) {
    return reply.run(
        "open",
        walk -> {
          Ino ino = walk.find(path);
          opened(walk, ino, ops.open(walk.request(), ino, file.flags.get()), file);
        });
  }

  @Override
  public int read(String path, Pointer buffer, long sizeBytes, long offset, FuseFileInfo file) {
    return reply.answer(
        "read",
        walk -> {
          try (ReadData data =
              ops.read(walk.request(), inodeOf(file), file.fh.get(), offset, (int) sizeBytes)) {
            ByteBuffer to = NativeBytes.at(buffer, sizeBytes);
            data.buffers().forEach(from -> to.put(from.duplicate()));
            return data.lengthBytes();
          }
        });
  }

  @Override
  public int write(String path, Pointer buffer, long sizeBytes, long offset, FuseFileInfo file) {
    return reply.answer(
        "write",
        walk -> {
          ByteBuffer data = NativeBytes.at(buffer, sizeBytes);
          return ops.write(
              walk.request(), inodeOf(file), file.fh.get(), offset, data, mustDropSuid(walk));
        });
  }

  /** libfuse 2 does not pass on that the kernel wants setuid dropped; root alone keeps it. */
  private static boolean mustDropSuid(Walk walk) {
    return !walk.request().caller().isRoot();
  }

  @Override
  public int flush(String path, FuseFileInfo file) {
    return reply.run(
        "flush",
        walk ->
            ops.flush(walk.request(), inodeOf(file), file.fh.get(), file.lock_owner.longValue()));
  }

  @Override
  public int fsync(String path, int dataOnly, FuseFileInfo file) {
    return reply.run(
        "fsync", walk -> ops.fsync(walk.request(), inodeOf(file), file.fh.get(), dataOnly != 0));
  }

  @Override
  public int release(String path, FuseFileInfo file) {
    return reply.run(
        "release",
        walk -> {
          long owner = file.lock_owner.longValue();
          ops.release(walk.request(), inodeOf(file), file.fh.get(), owner);
          closed(file);
        });
  }

  @Override
  public int fallocate(String path, int mode, long offset, long lengthBytes, FuseFileInfo file) {
    return reply.run(
        "fallocate",
        walk ->
            ops.fallocate(walk.request(), inodeOf(file), file.fh.get(), mode, offset, lengthBytes));
  }

  // ---- directories ----

  @Override
  public int opendir(String path, FuseFileInfo file) {
    return reply.run(
        "opendir",
        walk -> {
          Ino ino = walk.find(path);
          opened(walk, ino, ops.opendir(walk.request(), ino, file.flags.get()), file);
        });
  }

  @Override
  public int readdir(
      String path, Pointer buffer, FuseFillDir filler, long offset, FuseFileInfo file) {
    return reply.run(
        "readdir",
        walk -> {
          FileStat stat = new FileStat(jnr.ffi.Runtime.getSystemRuntime());
          Pointer statMemory = Struct.getMemory(stat);
          ops.readdir(
              walk.request(),
              inodeOf(file),
              file.fh.get(),
              offset,
              false,
              (name, ino, type, nextOffset, attr) -> {
                stat.st_ino.set(ino.value());
                stat.st_mode.set(type.modeBits());
                ByteBuffer cString = ByteBuffer.allocate(name.length + 1).put(name).rewind();
                return filler.apply(buffer, cString, statMemory, nextOffset) == 0;
              });
        });
  }

  @Override
  public int releasedir(String path, FuseFileInfo file) {
    return reply.run(
        "releasedir",
        walk -> {
          ops.releasedir(walk.request(), inodeOf(file), file.fh.get());
          closed(file);
        });
  }

  // ---- extended attributes ----

  @Override
  public int setxattr(String path, String name, Pointer value, long sizeBytes, int flags) {
    return reply.run(
        "setxattr",
        walk -> {
          byte[] bytes = new byte[(int) sizeBytes];
          value.get(0, bytes, 0, bytes.length);
          ops.setXattr(walk.request(), walk.find(path), utf8(name), bytes, flags);
        });
  }

  @Override
  public int getxattr(String path, String name, Pointer value, long sizeBytes) {
    return reply.answer(
        "getxattr",
        walk ->
            copy(
                ops.getXattr(
                    walk.request(), walk.find(path), utf8(name), Math.toIntExact(sizeBytes)),
                value,
                sizeBytes));
  }

  @Override
  public int listxattr(String path, Pointer list, long sizeBytes) {
    return reply.answer(
        "listxattr",
        walk -> {
          StringBuilder joined = new StringBuilder();
          for (byte[] name :
              ops.listXattr(walk.request(), walk.find(path), Math.toIntExact(sizeBytes))) {
            joined.append(new String(name, StandardCharsets.ISO_8859_1)).append('\0');
          }
          byte[] bytes = joined.toString().getBytes(StandardCharsets.ISO_8859_1);
          return copy(bytes, list, sizeBytes);
        });
  }

  @Override
  public int removexattr(String path, String name) {
    return reply.run(
        "removexattr", walk -> ops.removeXattr(walk.request(), walk.find(path), utf8(name)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** getxattr(2): size 0 asks for the length; ERANGE if it does not fit. */
  private static int copy(byte[] bytes, Pointer to, long sizeBytes) throws FsException {
    if (sizeBytes != 0) {
      if (bytes.length > sizeBytes) {
        throw Errno.ERANGE.exception();
      }
      to.put(0, bytes, 0, bytes.length);
    }
    return bytes.length;
  }

  // ---- locks: libfuse 2 cannot interrupt those that wait ----

  @Override
  public int lock(String path, FuseFileInfo file, int command, Flock lock) {
    return reply.run(
        "setlk",
        walk -> {
          long owner = file.lock_owner.longValue();
          FileRangeLock wanted = RecordLocks.of(lock);
          if (command == F_GETLK) {
            RecordLocks.put(
                lock, ops.getLock(walk.request(), inodeOf(file), file.fh.get(), owner, wanted));
          } else {
            boolean wait = command == F_SETLKW;
            ops.setLock(walk.request(), inodeOf(file), file.fh.get(), owner, wanted, wait);
          }
        });
  }

  @Override
  public int flock(String path, FuseFileInfo file, int operation) {
    return reply.run(
        "flock",
        walk -> {
          FileRangeLock.Type type =
              (operation & LOCK_UN) != 0
                  ? FileRangeLock.Type.UNLOCK
                  : (operation & LOCK_SH) != 0 ? FileRangeLock.Type.READ : FileRangeLock.Type.WRITE;
          boolean wait = (operation & LOCK_NB) == 0;
          long owner = file.lock_owner.longValue();
          ops.flock(walk.request(), inodeOf(file), file.fh.get(), owner, type, wait);
        });
  }
}
