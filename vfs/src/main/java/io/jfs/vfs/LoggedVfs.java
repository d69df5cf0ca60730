package io.jfs.vfs;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.virtual.LogLine;
import io.jfs.vfs.virtual.Operation;
import io.jfs.vfs.virtual.OperationLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports every operation of a {@link VfsOps} to an {@link OperationLog}: how long it took, how it
 * ended, and, if somebody reads, a line about it (vfs-cli spec 1.2).
 */
public final class LoggedVfs implements VfsOps {
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

  /** Adds arguments and answer to a line; the answer is null if the operation failed. */
  @FunctionalInterface
  private interface Arguments<T> {
    void addTo(LogLine line, @Nullable T answer);
  }

  private <T extends @Nullable Object> T call(
      Operation operation, Request request, Call<T> call, Arguments<T> arguments)
      throws FsException, IOException {
    long start = System.nanoTime();
    T answer;
    try {
      answer = call.run();
    } catch (FsException e) {
      report(operation, request.caller(), start, e.errno(), arguments, null);
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      report(operation, request.caller(), start, Errno.EIO, arguments, null);
      throw e;
    }
    report(operation, request.caller(), start, null, arguments, answer);
    return answer;
  }

  private <T extends @Nullable Object> void report(
      Operation operation,
      Caller caller,
      long start,
      @Nullable Errno failure,
      Arguments<T> arguments,
      @Nullable T answer) {
    log.ended(
        operation,
        caller,
        System.nanoTime() - start,
        failure,
        () -> {
          LogLine line = new LogLine(operation);
          arguments.addTo(line, answer);
          return line;
        });
  }

  private void run(
      Operation operation, Request request, Action action, Arguments<Boolean> arguments)
      throws FsException, IOException {
    Boolean unused =
        call(
            operation,
            request,
            () -> {
              action.run();
              return true;
            },
            arguments);
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

  @Override
  public @Nullable Entry lookup(Request request, Ino parent, Name name)
      throws FsException, IOException {
    long start = System.nanoTime();
    Entry entry;
    try {
      entry = vfs.lookup(request, parent, name);
    } catch (FsException e) {
      reportLookup(request, parent, name, start, e.errno(), null);
      throw e;
    } catch (IOException | RuntimeException e) {
      reportLookup(request, parent, name, start, Errno.EIO, null);
      throw e;
    }
    if (entry == null || !entry.ino().isVirtual()) {
      reportLookup(request, parent, name, start, entry == null ? Errno.ENOENT : null, entry);
    }
    return entry;
  }

  private void reportLookup(
      Request request,
      Ino parent,
      Name name,
      long start,
      @Nullable Errno failure,
      @Nullable Entry entry) {
    report(
        Operation.LOOKUP,
        request.caller(),
        start,
        failure,
        (line, answer) -> addName(line, parent, name).add("):").addEntry(answer),
        entry);
  }

  private static LogLine addName(LogLine line, Ino parent, Name name) {
    return line.add("(").add(parent).add(",").add(name);
  }

  @Override
  public Attr getAttr(Request request, Ino ino, long handle) throws FsException, IOException {
    return call(
        Operation.GETATTR,
        request,
        () -> vfs.getAttr(request, ino, handle),
        (line, attr) -> line.add("(").add(ino).add("):").addEntry(ino, attr));
  }

  @Override
  public Attr setAttr(Request request, Ino ino, long handle, AttrChange change)
      throws FsException, IOException {
    return call(
        Operation.SETATTR,
        request,
        () -> vfs.setAttr(request, ino, handle, change),
        (line, attr) ->
            line.add("(")
                .add(ino)
                .add("[")
                .add(Math.max(handle, 0))
                .add("],")
                .addHex(validBits(change), 1)
                .add(",[")
                .add(changes(change, attr))
                .add("]):")
                .addEntry(ino, attr));
  }

  /** The kernel's FATTR bits. */
  private static int validBits(AttrChange change) {
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

  private static String changes(AttrChange change, @Nullable Attr attr) {
    List<String> parts = new ArrayList<>();
    if (change.mode() != null) {
      int type = attr == null ? 0100000 : attr.type().modeBits();
      parts.add("mode=" + LogLine.symbolicMode(type | change.mode(), change.mode()));
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
    return String.join(",", parts);
  }

  @Override
  public byte[] readlink(Request request, Ino ino) throws FsException, IOException {
    return call(
        Operation.READLINK,
        request,
        () -> vfs.readlink(request, ino),
        (line, target) ->
            line.add("(")
                .add(ino)
                .add("): (")
                .addBytes(target == null ? new byte[0] : target)
                .add(")"));
  }

  @Override
  public Entry mknod(Request request, Ino parent, Name name, int mode, int umask, int rdev)
      throws FsException, IOException {
    return call(
        Operation.MKNOD,
        request,
        () -> vfs.mknod(request, parent, name, mode, umask, rdev),
        (line, entry) ->
            addName(line, parent, name)
                .add(",")
                .addMode(mode)
                .add(",")
                .addHex(Integer.toUnsignedLong(rdev), 8)
                .add("):")
                .addEntry(entry));
  }

  @Override
  public Entry mkdir(Request request, Ino parent, Name name, int mode, int umask)
      throws FsException, IOException {
    return call(
        Operation.MKDIR,
        request,
        () -> vfs.mkdir(request, parent, name, mode, umask),
        (line, entry) ->
            addName(line, parent, name).add(",").addMode(mode).add("):").addEntry(entry));
  }

  @Override
  public Entry symlink(Request request, Ino parent, Name name, byte[] target)
      throws FsException, IOException {
    return call(
        Operation.SYMLINK,
        request,
        () -> vfs.symlink(request, parent, name, target),
        (line, entry) ->
            addName(line, parent, name).add(",").addBytes(target).add("):").addEntry(entry));
  }

  @Override
  public Entry link(Request request, Ino ino, Ino newParent, Name newName)
      throws FsException, IOException {
    return call(
        Operation.LINK,
        request,
        () -> vfs.link(request, ino, newParent, newName),
        (line, entry) ->
            line.add("(")
                .add(ino)
                .add(",")
                .add(newParent)
                .add(",")
                .add(newName)
                .add("):")
                .addEntry(entry));
  }

  @Override
  public void unlink(Request request, Ino parent, Name name) throws FsException, IOException {
    run(
        Operation.UNLINK,
        request,
        () -> vfs.unlink(request, parent, name),
        (line, done) -> addName(line, parent, name).add(")"));
  }

  @Override
  public void rmdir(Request request, Ino parent, Name name) throws FsException, IOException {
    run(
        Operation.RMDIR,
        request,
        () -> vfs.rmdir(request, parent, name),
        (line, done) -> addName(line, parent, name).add(")"));
  }

  @Override
  public void rename(Request request, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException, IOException {
    run(
        Operation.RENAME,
        request,
        () -> vfs.rename(request, parent, name, newParent, newName, flags),
        (line, done) ->
            addName(line, parent, name)
                .add(",")
                .add(newParent)
                .add(",")
                .add(newName)
                .add(",")
                .add(flags)
                .add(")"));
  }

  @Override
  public Created create(Request request, Ino parent, Name name, int mode, int umask, int flags)
      throws FsException, IOException {
    return call(
        Operation.CREATE,
        request,
        () -> vfs.create(request, parent, name, mode, umask, flags),
        (line, created) ->
            addCreated(addName(line, parent, name).add(",").addMode(mode).add("):"), created));
  }

  private static void addCreated(LogLine line, @Nullable Created created) {
    if (created != null) {
      line.addEntry(created.entry()).add(" [fh:").add(created.opened().handle()).add("]");
    }
  }

  @Override
  public Created tmpfile(Request request, Ino parent, int mode, int umask, int flags)
      throws FsException, IOException {
    return call(
        Operation.TMPFILE,
        request,
        () -> vfs.tmpfile(request, parent, mode, umask, flags),
        (line, created) ->
            addCreated(line.add("(").add(parent).add(",").addMode(mode).add("):"), created));
  }

  @Override
  public Opened open(Request request, Ino ino, int flags) throws FsException, IOException {
    return call(
        Operation.OPEN,
        request,
        () -> vfs.open(request, ino, flags),
        (line, opened) ->
            addOpened(
                line.add("(").add(ino).add(",").addHex(Integer.toUnsignedLong(flags), 1).add(")"),
                opened));
  }

  private static void addOpened(LogLine line, @Nullable Opened opened) {
    if (opened != null) {
      line.add(" [fh:").add(opened.handle()).add("]");
    }
  }

  @Override
  public ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
      throws FsException, IOException {
    if (ino.value() == Ino.FIRST_VIRTUAL) {
      return vfs.read(request, ino, handle, offset, sizeBytes); // the log does not log itself
    }
    ReadData data =
        call(
            Operation.READ,
            request,
            () -> vfs.read(request, ino, handle, offset, sizeBytes),
            (line, read) -> {
              addRange(line, ino, sizeBytes, offset, handle).add(": ");
              int length = read == null ? 0 : read.lengthBytes();
              line.add(ino.isVirtual() ? Integer.toString(length) : "(" + length + ")");
            });
    log.stats().read(data.lengthBytes());
    return data;
  }

  private static LogLine addRange(LogLine line, Ino ino, int size, long offset, long handle) {
    return line.add("(")
        .add(ino)
        .add(",")
        .add(size)
        .add(",")
        .add(offset)
        .add(",")
        .add(handle)
        .add(")");
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
            (line, done) -> addRange(line, ino, size, offset, handle));
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
        (line, done) -> addOwner(line, ino, handle, lockOwner).add(")"));
  }

  private static LogLine addOwner(LogLine line, Ino ino, long handle, long owner) {
    return line.add("(").add(ino).add(",").add(handle).add(",").addOwner(owner);
  }

  @Override
  public void fsync(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    run(
        Operation.FSYNC,
        request,
        () -> vfs.fsync(request, ino, handle, dataOnly),
        (line, done) -> line.add("(").add(ino).add(",").add(dataOnly ? 1 : 0).add(")"));
  }

  @Override
  public void release(Request request, Ino ino, long handle, long flockOwner) {
    long start = System.nanoTime();
    vfs.release(request, ino, handle, flockOwner);
    report(
        Operation.RELEASE,
        request.caller(),
        start,
        null,
        (line, done) -> line.add("(").add(ino).add(",").add(handle).add(")"),
        true);
  }

  @Override
  public void fallocate(
      Request request, Ino ino, long handle, int mode, long offset, long lengthBytes)
      throws FsException, IOException {
    run(
        Operation.FALLOCATE,
        request,
        () -> vfs.fallocate(request, ino, handle, mode, offset, lengthBytes),
        (line, done) -> addNumbers(line, ino.value(), mode, offset, lengthBytes));
  }

  private static void addNumbers(LogLine line, long... numbers) {
    line.add("(");
    for (int i = 0; i < numbers.length; i++) {
      line.add(i == 0 ? "" : ",").add(numbers[i]);
    }
    line.add(")");
  }

  @Override
  public long lseek(Request request, Ino ino, long handle, long offset, int whence)
      throws FsException, IOException {
    return call(
        Operation.LSEEK,
        request,
        () -> vfs.lseek(request, ino, handle, offset, whence),
        (line, found) -> {
          addNumbers(line, ino.value(), handle, offset, whence);
          line.add(": (").add(found == null ? 0 : found).add(")");
        });
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
        (line, copied) ->
            addNumbers(line, in.value(), inOffset, out.value(), outOffset, lengthBytes, flags));
  }

  @Override
  public Opened opendir(Request request, Ino ino, int flags) throws FsException, IOException {
    return call(
        Operation.OPENDIR,
        request,
        () -> vfs.opendir(request, ino, flags),
        (line, opened) -> addOpened(line.add("(").add(ino).add(")"), opened));
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
        (line, done) ->
            line.add("(")
                .add(ino)
                .add(",")
                .add(sink.sizeBytes())
                .add(",")
                .add(offset)
                .add(",")
                .add(Boolean.toString(plus))
                .add("): (")
                .add(counting.taken)
                .add(")"));
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
    long start = System.nanoTime();
    vfs.releasedir(request, ino, handle);
    report(
        Operation.RELEASEDIR,
        request.caller(),
        start,
        null,
        (line, done) -> line.add("(").add(ino).add(")"),
        true);
  }

  @Override
  public void fsyncdir(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    run(
        Operation.FSYNCDIR,
        request,
        () -> vfs.fsyncdir(request, ino, handle, dataOnly),
        (line, done) -> line.add("(").add(ino).add(",").add(dataOnly ? 1 : 0).add(")"));
  }

  @Override
  public VolumeStat statfs(Request request, Ino ino) throws FsException, IOException {
    return call(
        Operation.STATFS,
        request,
        () -> vfs.statfs(request, ino),
        (line, stat) -> {
          line.add("(").add(ino).add("): ");
          if (stat != null) {
            addNumbers(
                line,
                stat.totalBytes() - stat.availableBytes(),
                stat.availableBytes(),
                stat.usedInodes(),
                stat.availableInodes());
          }
        });
  }

  @Override
  public void setXattr(Request request, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException, IOException {
    run(
        Operation.SETXATTR,
        request,
        () -> vfs.setXattr(request, ino, name, value, flags),
        (line, done) ->
            addXattr(line, ino, name).add(",").add(value.length).add(",").add(flags).add(")"));
  }

  private static LogLine addXattr(LogLine line, Ino ino, byte[] name) {
    return line.add("(").add(ino).add(",").addBytes(name);
  }

  @Override
  public byte[] getXattr(Request request, Ino ino, byte[] name) throws FsException, IOException {
    return call(
        Operation.GETXATTR,
        request,
        () -> vfs.getXattr(request, ino, name),
        (line, value) -> {
          int length = value == null ? 0 : value.length;
          addXattr(line, ino, name).add(",").add(length).add("): (").add(length).add(")");
        });
  }

  @Override
  public List<byte[]> listXattr(Request request, Ino ino) throws FsException, IOException {
    return call(
        Operation.LISTXATTR,
        request,
        () -> vfs.listXattr(request, ino),
        (line, names) -> {
          int length = names == null ? 0 : names.stream().mapToInt(n -> n.length + 1).sum();
          line.add("(").add(ino).add(",").add(length).add("): (").add(length).add(")");
        });
  }

  @Override
  public void removeXattr(Request request, Ino ino, byte[] name) throws FsException, IOException {
    run(
        Operation.REMOVEXATTR,
        request,
        () -> vfs.removeXattr(request, ino, name),
        (line, done) -> addXattr(line, ino, name).add(")"));
  }

  @Override
  public void access(Request request, Ino ino, int mask) throws FsException, IOException {
    run(
        Operation.ACCESS,
        request,
        () -> vfs.access(request, ino, mask),
        (line, done) -> line.add("(").add(ino).add(",").addHex(mask, 1).add(")"));
  }

  @Override
  public FileRangeLock getLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock)
      throws FsException, IOException {
    return call(
        Operation.GETLK,
        request,
        () -> vfs.getLock(request, ino, handle, owner, lock),
        (line, found) -> {
          addOwner(line, ino, handle, owner).add("): ");
          if (found != null) {
            line.add("(").add(range(found)).add(",").add(found.pid()).add(")");
          }
        });
  }

  private static String range(FileRangeLock lock) {
    return lock.start() + "," + lock.end() + "," + lock.type().name().charAt(0);
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
            addOwner(line, ino, handle, owner)
                .add("," + range(lock) + "," + wait + "," + lock.pid() + ")"));
  }

  @Override
  public void flock(
      Request request, Ino ino, long handle, long owner, FileRangeLock.Type type, boolean wait)
      throws FsException, IOException {
    run(
        Operation.FLOCK,
        request,
        () -> vfs.flock(request, ino, handle, owner, type, wait),
        (line, done) ->
            addOwner(line, ino, handle, owner).add("," + flockName(type) + "," + wait + ")"));
  }

  private static String flockName(FileRangeLock.Type type) {
    return switch (type) {
      case READ -> "LOCKSH";
      case WRITE -> "LOCKEX";
      case UNLOCK -> "UNLOCK";
    };
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
            line.add("(")
                .add(ino)
                .add(",")
                .addHex(Integer.toUnsignedLong(command), 1)
                .add(",")
                .addHex(arg, 1)
                .add(",")
                .addNumbers(in)
                .add(",")
                .addNumbers(out == null ? new byte[0] : out)
                .add(")"));
  }
}
