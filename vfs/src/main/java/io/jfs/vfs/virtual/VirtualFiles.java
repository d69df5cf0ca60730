package io.jfs.vfs.virtual;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.Opened;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.Request;
import io.jfs.vfs.VfsConfig;
import io.jfs.vfs.VfsConfig.View;
import io.jfs.vfs.VfsConfig.VirtualListing;
import io.jfs.vfs.VfsConfig.VirtualNames;
import io.jfs.vfs.control.ControlCommands;
import io.jfs.vfs.handle.DirHandle.Extra;
import io.jfs.vfs.handle.HandleTable;
import io.jfs.vfs.handle.HandleTable.Handle;
import io.jfs.vfs.handle.HandleTable.Parity;
import io.jfs.vfs.stats.StatsSource;
import io.jfs.vfs.virtual.VirtualFile.Place;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The virtual files of a mount: their names, attributes and handles. Spec 1.1. */
public final class VirtualFiles {
  /** Numbers of files that the reference does not have begin so far behind the first. */
  static final int OWN_NUMBERS = 0x100;

  private static final int O_ACCMODE = 3;
  private static final String TRASH = ".trash";
  private static final Attr TRASH_ATTR =
      new Attr(
          FileType.DIRECTORY,
          0,
          0555,
          0,
          0,
          Timestamp.EPOCH,
          Timestamp.EPOCH,
          Timestamp.EPOCH,
          2,
          Attr.DIRECTORY_LENGTH_BYTES,
          0,
          Ino.ROOT,
          0,
          0,
          0);

  private final List<VirtualFile> files;
  private final List<Name> names;
  private final Name trashName;
  private final VfsConfig config;
  private final HandleTable handles;
  private final Owner owner;
  private final Timestamp started;

  /** Who owns the virtual files: the process that mounts. */
  public record Owner(int uid, int gid) {}

  /** What the files show. Each virtual file is listed in the constructor, nowhere else. */
  public record Contents(
      AccessLog accessLog,
      List<StatsSource> stats,
      Supplier<String> config,
      ControlCommands control) {}

  /** The virtual files. */
  public VirtualFiles(
      VfsConfig config, HandleTable handles, Owner owner, Instant started, Contents contents) {
    this.config = config;
    this.handles = handles;
    this.owner = owner;
    this.started = new Timestamp(started.getEpochSecond(), 0);
    AccessLog log = contents.accessLog;
    OperationJson json = new OperationJson(new PathNames(contents.control::path));
    this.files =
        List.of(
            AccessLogFile.text(log),
            new ControlFile(contents.control),
            new StatsFile(contents.stats),
            new ConfigFile(contents.config),
            AccessLogFile.json(log, json),
            OperationsFile.slow(log, json),
            OperationsFile.running(log, json));
    this.names = files.stream().map(file -> shownName(file.name())).toList();
    this.trashName = shownName(TRASH);
  }

  /** Whether reading this file shows the log: its reads are not logged themselves. */
  public static boolean isLog(Ino ino) {
    return ino.equals(AccessLogFile.TEXT_INO) || ino.equals(AccessLogFile.JSON_INO);
  }

  private Name shownName(String name) {
    return Name.of(config.virtualNames() == VirtualNames.PREFIXED ? ".jfs" + name : name);
  }

  private record Open(long number, VirtualFile file, VirtualHandle content) implements Handle {}

  /** The virtual entry under a name in a directory; null if it is none. */
  public @Nullable Entry lookup(Ino parent, Name name) {
    VirtualFile file = find(parent, name);
    return file == null ? null : new Entry(file.ino(), attr(file));
  }

  private @Nullable VirtualFile find(Ino parent, Name name) {
    if (name.bytes()[0] != '.') {
      return null;
    }
    int index = names.indexOf(name);
    if (index < 0) {
      return null;
    }
    VirtualFile file = files.get(index);
    return parent.equals(Ino.ROOT) || file.place() == Place.EVERYWHERE ? file : null;
  }

  /** Whether this is the trash's name in the root of this mount. */
  public boolean isTrash(Ino parent, Name name) {
    return config.view() == View.WHOLE_VOLUME && parent.equals(Ino.ROOT) && name.equals(trashName);
  }

  /** Whether a name is taken by something that is not stored there. */
  public boolean isReserved(Ino parent, Name name) {
    return find(parent, name) != null || isTrash(parent, name);
  }

  /** What a listing of the root shows besides what is stored. */
  public List<Extra> rootExtras() {
    if (config.virtualListing() == VirtualListing.HIDDEN) {
      return List.of();
    }
    List<Extra> extras = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      VirtualFile file = files.get(i);
      if (file.place() == Place.LISTED_IN_ROOT) {
        extras.add(new Extra(names.get(i).bytes(), file.ino(), FileType.REGULAR, attr(file)));
      }
    }
    if (config.view() == View.WHOLE_VOLUME) {
      extras.add(new Extra(trashName.bytes(), Ino.TRASH_ROOT, FileType.DIRECTORY, trashAttr()));
    }
    return extras;
  }

  /** Attributes of the trash, which has no times of its own. */
  public Attr trashAttr() {
    return TRASH_ATTR.edit().atime(started).changed(started).build();
  }

  /**
   * Attributes.
   *
   * @throws FsException ENOENT if there is no such virtual file
   */
  public Attr attr(Ino ino) throws FsException {
    return attr(require(ino));
  }

  private VirtualFile require(Ino ino) throws FsException {
    for (VirtualFile file : files) {
      if (file.ino().equals(ino)) {
        return file;
      }
    }
    throw Errno.ENOENT.exception();
  }

  private Attr attr(VirtualFile file) {
    return new Attr(
        FileType.REGULAR,
        0,
        file.mode(),
        owner.uid,
        owner.gid,
        started,
        started,
        started,
        1,
        file.lengthBytes(),
        0,
        Ino.ROOT,
        0,
        0,
        0);
  }

  /**
   * Opens one; past the page cache, because its content changes without notice.
   *
   * @throws FsException EACCES for writing, unless the file takes writes; and for others than the
   *     owner and root, unless everybody may read it: not every mount has the kernel check that
   */
  public Opened open(Request request, Ino ino, int flags) throws FsException {
    VirtualFile file = require(ino);
    boolean writes = (flags & O_ACCMODE) != 0;
    if (writes && (file.mode() & 0222) == 0) {
      throw Errno.EACCES.exception();
    }
    Caller caller = request.caller();
    boolean owns = caller.isRoot() || caller.uid() == owner.uid;
    if (!owns && (file.mode() & 0004) == 0) {
      throw Errno.EACCES.exception();
    }
    VirtualHandle content = file.open(request);
    Open open =
        handles.add(writes ? Parity.EVEN : Parity.ODD, number -> new Open(number, file, content));
    return new Opened(open.number, false, true, false);
  }

  /**
   * Reads from an open one. One that was opened before this process took the mount over begins
   * anew; a conversation with the control file is over then (EBADF).
   */
  public ReadData read(Request request, Ino ino, long number, long offset, int sizeBytes)
      throws FsException {
    if (handles.isOlder(number) && handles.find(number) == null) {
      reopen(request, require(ino), number);
    }
    Open open = handles.require(number, Open.class);
    int size = Math.min(sizeBytes, DirectBytes.MAX_BYTES);
    return DirectBytes.of(open.content.read(request, offset, size));
  }

  private void reopen(Request request, VirtualFile file, long number) throws FsException {
    if ((file.mode() & 0222) == 0) {
      handles.adopt(new Open(number, file, file.open(request)));
    }
  }

  /** Writes to an open one. */
  public int write(Request request, long number, long offset, ByteBuffer data) throws FsException {
    int size = data.remaining();
    handles.require(number, Open.class).content.write(request, offset, data);
    return size;
  }

  /** A descriptor of an open one was closed. */
  public void flush(long number) {
    if (handles.find(number) instanceof Open open) {
      open.content.flush();
    }
  }

  /** Ends a handle. */
  public void release(long number) {
    if (handles.find(number) instanceof Open open && handles.remove(number)) {
      open.content.close();
    }
  }
}
