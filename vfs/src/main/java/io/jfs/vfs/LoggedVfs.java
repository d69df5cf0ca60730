package io.jfs.vfs;

import static io.jfs.vfs.virtual.LogLine.hex;
import static io.jfs.vfs.virtual.LogLine.mode;
import static io.jfs.vfs.virtual.LogLine.numbers;
import static io.jfs.vfs.virtual.LogLine.owner;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.virtual.LogLine;
import io.jfs.vfs.virtual.Operation;
import io.jfs.vfs.virtual.OperationLog;
import io.jfs.vfs.virtual.OperationLog.Describer;
import io.jfs.vfs.virtual.VirtualFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports every operation of a {@link VfsOps} to an {@link OperationLog}: how long it took, how it
 * ended, and, if somebody reads, a line about it (vfs-cli spec 1.2). Each method below is one row
 * of the table of that section: the call, and how its line looks.
 */
public final class LoggedVfs implements VfsOps {
  private static final byte[] NOTHING = new byte[0];

  private final VfsOps vfs;
  private final OperationLog log;

  /** Reports the operations of {@code vfs}. */
  public LoggedVfs(VfsOps vfs, OperationLog log) {
    this.vfs = vfs;
    this.log = log;
  }

  /** An operation with an answer. */
  @FunctionalInterface
  private interface Call<T extends @Nullable Object> {
    T run() throws FsException, IOException;
  }

  /** An operation without one. */
  @FunctionalInterface
  private interface Action {
    void run() throws FsException, IOException;
  }

  private <T extends @Nullable Object> T call(
      Operation operation, Request request, Call<T> call, Describer<T> describer)
      throws FsException, IOException {
    log.begun(operation, request, describer);
    T answer;
    try {
      answer = call.run();
    } catch (FsException e) {
      log.ended(describer, null, e.errno());
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      log.ended(describer, null, Errno.EIO);
      throw e;
    }
    log.ended(describer, answer, null);
    return answer;
  }

  private void run(Operation operation, Request request, Action action, Describer<Boolean> line)
      throws FsException, IOException {
    Boolean unused =
        call(
            operation,
            request,
            () -> {
              action.run();
              return true;
            },
            line);
  }

  @Override
  public CacheTimeouts timeouts() {
    return vfs.timeouts();
  }

  @Override
  public void start(KernelNotifier notifier) {
    vfs.start(notifier);
  }

  @Override
  public void forget(Ino ino, long lookups) {
    vfs.forget(ino, lookups);
  }

  @Override
  public void stop() throws IOException {
    vfs.stop();
  }

  // ---- names ----

  @Override
  public @Nullable Entry lookup(Request request, Ino parent, Name name)
      throws FsException, IOException {
    Describer<Entry> line = (l, entry) -> l.args(parent, name).entry(entry);
    log.begun(Operation.LOOKUP, request, line);
    Entry entry;
    try {
      entry = vfs.lookup(request, parent, name);
    } catch (FsException e) {
      log.ended(line, null, e.errno());
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      log.ended(line, null, Errno.EIO);
      throw e;
    }
    if (entry != null && entry.ino().isVirtual()) {
      log.forgotten(); // virtual files leave no line when they are looked up
    } else {
      log.ended(line, entry, entry == null ? Errno.ENOENT : null);
    }
    return entry;
  }

  @Override
  public Entry mknod(Request request, Ino parent, Name name, int mode, int umask, int rdev)
      throws FsException, IOException {
    return call(
        Operation.MKNOD,
        request,
        () -> vfs.mknod(request, parent, name, mode, umask, rdev),
        (line, entry) ->
            line.args(parent, name, mode(mode), hex(Integer.toUnsignedLong(rdev), 8)).entry(entry));
  }

  @Override
  public Entry mkdir(Request request, Ino parent, Name name, int mode, int umask)
      throws FsException, IOException {
    return call(
        Operation.MKDIR,
        request,
        () -> vfs.mkdir(request, parent, name, mode, umask),
        (line, entry) -> line.args(parent, name, mode(mode)).entry(entry));
  }

  @Override
  public Entry symlink(Request request, Ino parent, Name name, byte[] target)
      throws FsException, IOException {
    return call(
        Operation.SYMLINK,
        request,
        () -> vfs.symlink(request, parent, name, target),
        (line, entry) -> line.args(parent, name, target).entry(entry));
  }

  @Override
  public Entry link(Request request, Ino ino, Ino newParent, Name newName)
      throws FsException, IOException {
    return call(
        Operation.LINK,
        request,
        () -> vfs.link(request, ino, newParent, newName),
        (line, entry) -> line.args(ino, newParent, newName).entry(entry));
  }

  @Override
  public void unlink(Request request, Ino parent, Name name) throws FsException, IOException {
    run(
        Operation.UNLINK,
        request,
        () -> vfs.unlink(request, parent, name),
        (line, done) -> line.args(parent, name));
  }

  @Override
  public void rmdir(Request request, Ino parent, Name name) throws FsException, IOException {
    run(
        Operation.RMDIR,
        request,
        () -> vfs.rmdir(request, parent, name),
        (line, done) -> line.args(parent, name));
  }

  @Override
  public void rename(Request request, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException, IOException {
    run(
        Operation.RENAME,
        request,
        () -> vfs.rename(request, parent, name, newParent, newName, flags),
        (line, done) -> line.args(parent, name, newParent, newName, flags));
  }

  @Override
  public Created create(Request request, Ino parent, Name name, int mode, int umask, int flags)
      throws FsException, IOException {
    return call(
        Operation.CREATE,
        request,
        () -> vfs.create(request, parent, name, mode, umask, flags),
        (line, created) -> describe(line.args(parent, name, mode(mode)), created));
  }

  @Override
  public Created tmpfile(Request request, Ino parent, int mode, int umask, int flags)
      throws FsException, IOException {
    return call(
        Operation.TMPFILE,
        request,
        () -> vfs.tmpfile(request, parent, mode, umask, flags),
        (line, created) -> describe(line.args(parent, mode(mode)), created));
  }

  private static LogLine describe(LogLine line, @Nullable Created created) {
    return created == null
        ? line.entry(null)
        : line.entry(created.entry()).handle(created.opened().handle());
  }

  // ---- attributes ----

  @Override
  public Attr getAttr(Request request, Ino ino, long handle) throws FsException, IOException {
    return call(
        Operation.GETATTR,
        request,
        () -> vfs.getAttr(request, ino, handle),
        (line, attr) -> line.args(ino).entry(ino, attr));
  }

  @Override
  public Attr setAttr(Request request, Ino ino, long handle, AttrChange change)
      throws FsException, IOException {
    return call(
        Operation.SETATTR,
        request,
        () -> vfs.setAttr(request, ino, handle, change),
        (line, attr) -> describe(line, ino, handle, change, attr));
  }

  private static LogLine describe(
      LogLine line, Ino ino, long handle, AttrChange change, @Nullable Attr attr) {
    FileType type = attr == null ? FileType.REGULAR : attr.type();
    return line.about(ino)
        .args(
            ino + "[" + Math.max(handle, 0) + "]",
            hex(LoggedChange.validBits(change), 1),
            LoggedChange.shown(change, type))
        .entry(ino, attr);
  }

  @Override
  public byte[] readlink(Request request, Ino ino) throws FsException, IOException {
    return call(
        Operation.READLINK,
        request,
        () -> vfs.readlink(request, ino),
        (line, target) -> line.args(ino).answer(target == null ? NOTHING : target));
  }

  @Override
  public void access(Request request, Ino ino, int mask) throws FsException, IOException {
    run(
        Operation.ACCESS,
        request,
        () -> vfs.access(request, ino, mask),
        (line, done) -> line.args(ino, hex(mask, 1)));
  }

  @Override
  public VolumeStat statfs(Request request, Ino ino) throws FsException, IOException {
    return call(
        Operation.STATFS,
        request,
        () -> vfs.statfs(request, ino),
        (line, stat) -> describe(line.args(ino), stat));
  }

  private static LogLine describe(LogLine line, @Nullable VolumeStat stat) {
    return stat == null
        ? line.add(": ")
        : line.answer(
            stat.totalBytes() - stat.availableBytes(),
            stat.availableBytes(),
            stat.usedInodes(),
            stat.availableInodes());
  }

  @Override
  public void setXattr(Request request, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException, IOException {
    run(
        Operation.SETXATTR,
        request,
        () -> vfs.setXattr(request, ino, name, value, flags),
        (line, done) -> line.args(ino, name, value.length, flags));
  }

  @Override
  public byte[] getXattr(Request request, Ino ino, byte[] name, int sizeBytes)
      throws FsException, IOException {
    return call(
        Operation.GETXATTR,
        request,
        () -> vfs.getXattr(request, ino, name, sizeBytes),
        (line, value) -> line.args(ino, name, sizeBytes).answer(value == null ? 0 : value.length));
  }

  @Override
  public List<byte[]> listXattr(Request request, Ino ino, int sizeBytes)
      throws FsException, IOException {
    return call(
        Operation.LISTXATTR,
        request,
        () -> vfs.listXattr(request, ino, sizeBytes),
        (line, names) -> {
          int length = names == null ? 0 : names.stream().mapToInt(n -> n.length + 1).sum();
          return line.args(ino, sizeBytes).answer(length);
        });
  }

  @Override
  public void removeXattr(Request request, Ino ino, byte[] name) throws FsException, IOException {
    run(
        Operation.REMOVEXATTR,
        request,
        () -> vfs.removeXattr(request, ino, name),
        (line, done) -> line.args(ino, name));
  }

  // ---- files ----

  @Override
  public Opened open(Request request, Ino ino, int flags) throws FsException, IOException {
    return call(
        Operation.OPEN,
        request,
        () -> vfs.open(request, ino, flags),
        (line, opened) -> describe(line.args(ino, hex(Integer.toUnsignedLong(flags), 1)), opened));
  }

  private static LogLine describe(LogLine line, @Nullable Opened opened) {
    return opened == null ? line : line.handle(opened.handle());
  }

  @Override
  public ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
      throws FsException, IOException {
    if (VirtualFiles.isLog(ino)) {
      return vfs.read(request, ino, handle, offset, sizeBytes); // the log does not log itself
    }
    ReadData data =
        call(
            Operation.READ,
            request,
            () -> vfs.read(request, ino, handle, offset, sizeBytes),
            (line, read) -> {
              int length = read == null ? 0 : read.lengthBytes();
              LogLine asked = line.args(ino, sizeBytes, offset, handle);
              return ino.isVirtual() ? asked.add(": " + length) : asked.answer(length);
            });
    log.stats().read(data.lengthBytes());
    return data;
  }

  @Override
  public int write(
      Request request, Ino ino, long handle, long offset, ByteBuffer data, boolean killSuidgid)
      throws FsException, IOException {
    int size = data.remaining();
    int written =
        call(
            Operation.WRITE,
            request,
            () -> vfs.write(request, ino, handle, offset, data, killSuidgid),
            (line, done) -> line.args(ino, size, offset, handle));
    log.stats().written(written);
    return written;
  }

  @Override
  public void flush(Request request, Ino ino, long handle, long lockOwner)
      throws FsException, IOException {
    run(
        Operation.FLUSH,
        request,
        () -> vfs.flush(request, ino, handle, lockOwner),
        (line, done) -> line.args(ino, handle, owner(lockOwner)));
  }

  @Override
  public void fsync(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    run(
        Operation.FSYNC,
        request,
        () -> vfs.fsync(request, ino, handle, dataOnly),
        (line, done) -> line.args(ino, dataOnly ? 1 : 0));
  }

  @Override
  public void release(Request request, Ino ino, long handle, long flockOwner) {
    Describer<Boolean> line = (l, done) -> l.args(ino, handle);
    log.begun(Operation.RELEASE, request, line);
    vfs.release(request, ino, handle, flockOwner);
    log.ended(line, true, null);
  }

  @Override
  public void fallocate(
      Request request, Ino ino, long handle, int mode, long offset, long lengthBytes)
      throws FsException, IOException {
    run(
        Operation.FALLOCATE,
        request,
        () -> vfs.fallocate(request, ino, handle, mode, offset, lengthBytes),
        (line, done) -> line.args(ino, mode, offset, lengthBytes));
  }

  @Override
  public long lseek(Request request, Ino ino, long handle, long offset, int whence)
      throws FsException, IOException {
    return call(
        Operation.LSEEK,
        request,
        () -> vfs.lseek(request, ino, handle, offset, whence),
        (line, found) -> line.args(ino, handle, offset, whence).answer(found == null ? 0 : found));
  }

  @Override
  public long copyFileRange(
      Request request,
      Ino in,
      long inHandle,
      long inOffset,
      Ino out,
      long outHandle,
      long outOffset,
      long lengthBytes,
      int flags)
      throws FsException, IOException {
    return call(
        Operation.COPY_FILE_RANGE,
        request,
        () ->
            vfs.copyFileRange(
                request, in, inHandle, inOffset, out, outHandle, outOffset, lengthBytes, flags),
        (line, copied) -> line.args(in, inOffset, out, outOffset, lengthBytes, flags));
  }

  @Override
  public byte[] ioctl(
      Request request, Ino ino, long handle, int command, long arg, byte[] in, int outBytes)
      throws FsException, IOException {
    return call(
        Operation.IOCTL,
        request,
        () -> vfs.ioctl(request, ino, handle, command, arg, in, outBytes),
        (line, out) ->
            line.args(
                ino,
                hex(Integer.toUnsignedLong(command), 1),
                hex(arg, 1),
                numbers(in),
                numbers(out == null ? NOTHING : out)));
  }

  // ---- directories ----

  @Override
  public Opened opendir(Request request, Ino ino, int flags) throws FsException, IOException {
    return call(
        Operation.OPENDIR,
        request,
        () -> vfs.opendir(request, ino, flags),
        (line, opened) -> describe(line.args(ino), opened));
  }

  @Override
  public void readdir(
      Request request, Ino ino, long handle, long offset, boolean plus, DirSink sink)
      throws FsException, IOException {
    CountingSink counting = new CountingSink(sink);
    run(
        Operation.READDIR,
        request,
        () -> vfs.readdir(request, ino, handle, offset, plus, counting),
        (line, done) -> line.args(ino, sink.sizeBytes(), offset, plus).answer(counting.taken));
  }

  /** Counts what another sink takes. */
  private static final class CountingSink implements DirSink {
    private final DirSink sink;
    private int taken;

    CountingSink(DirSink sink) {
      this.sink = sink;
    }

    @Override
    public boolean add(byte[] name, Ino ino, FileType type, long nextOffset, @Nullable Attr attr) {
      boolean took = sink.add(name, ino, type, nextOffset, attr);
      taken += took ? 1 : 0;
      return took;
    }
  }

  @Override
  public void releasedir(Request request, Ino ino, long handle) {
    Describer<Boolean> line = (l, done) -> l.args(ino);
    log.begun(Operation.RELEASEDIR, request, line);
    vfs.releasedir(request, ino, handle);
    log.ended(line, true, null);
  }

  @Override
  public void fsyncdir(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    run(
        Operation.FSYNCDIR,
        request,
        () -> vfs.fsyncdir(request, ino, handle, dataOnly),
        (line, done) -> line.args(ino, dataOnly ? 1 : 0));
  }

  // ---- locks ----

  @Override
  public FileRangeLock getLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock)
      throws FsException, IOException {
    return call(
        Operation.GETLK,
        request,
        () -> vfs.getLock(request, ino, handle, owner, lock),
        (line, found) -> describe(line.args(ino, handle, owner(owner)), found));
  }

  private static LogLine describe(LogLine line, @Nullable FileRangeLock found) {
    return found == null
        ? line.add(": ")
        : line.answer(found.start(), found.end(), letter(found), found.pid());
  }

  private static char letter(FileRangeLock lock) {
    return lock.type().name().charAt(0);
  }

  @Override
  public void setLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock, boolean wait)
      throws FsException, IOException {
    run(
        Operation.SETLK,
        request,
        () -> vfs.setLock(request, ino, handle, owner, lock, wait),
        (line, done) ->
            line.args(
                ino,
                handle,
                owner(owner),
                lock.start(),
                lock.end(),
                letter(lock),
                wait,
                lock.pid()));
  }

  @Override
  public void flock(
      Request request, Ino ino, long handle, long owner, FileRangeLock.Type type, boolean wait)
      throws FsException, IOException {
    run(
        Operation.FLOCK,
        request,
        () -> vfs.flock(request, ino, handle, owner, type, wait),
        (line, done) -> line.args(ino, handle, owner(owner), word(type), wait));
  }

  private static String word(FileRangeLock.Type type) {
    return switch (type) {
      case READ -> "LOCKSH";
      case WRITE -> "LOCKEX";
      case UNLOCK -> "UNLOCK";
    };
  }
}
