package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.ops.AtimeMode;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.ops.Policy;
import io.jfs.meta.ops.QuotaGuard;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Transactor;
import io.jfs.meta.txn.TxnMetrics;
import io.jfs.meta.txn.Waiting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client of a volume: a namespace with everything around it in reach of a test. Its settings
 * may be changed at any time.
 */
public final class TestClient {
  static final Caller ROOT = Caller.ROOT;
  static final Caller USER = Caller.of(1000, 1000, 2000);
  static final Caller STRANGER = Caller.of(3000, 3000);

  final Engine engine;
  final TxnMetrics metrics = new TxnMetrics();
  final Transactor transactor;
  final Set<Ino> open = ConcurrentHashMap.newKeySet();
  final List<Effects> effects = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger trashDays = new AtomicInteger();
  final long sessionId;
  volatile Policy policy = new Policy(true, true, true, 100, false);
  volatile QuotaGuard quota = QuotaGuard.NONE;
  final Namespace names;
  private final InstantSource clock;

  TestClient(Engine engine, long sessionId, InstantSource clock) {
    this.engine = engine;
    this.sessionId = sessionId;
    this.clock = clock;
    this.transactor =
        new Transactor(
            engine,
            Duration.ofSeconds(20),
            new Random(sessionId),
            System::nanoTime,
            Waiting.SYSTEM,
            metrics);
    this.names = new Namespace(parts(Ino.ROOT, false, AtimeMode.RELATIME));
  }

  NamespaceParts parts(Ino root, boolean readOnly, AtimeMode atimeMode) {
    return new NamespaceParts(
        transactor,
        clock,
        root,
        readOnly,
        () -> policy,
        trashDays::get,
        atimeMode,
        () -> sessionId,
        open::contains,
        (txn, uid, gid, directory, spaceBytes, inodes) ->
            quota.requireRoom(txn, uid, gid, directory, spaceBytes, inodes),
        effects::add,
        Runnable::run);
  }

  /** Something that may be refused. */
  @FunctionalInterface
  interface Refusable {
    void run() throws FsException;
  }

  /** What an operation was refused with; null if it was not. */
  static @Nullable Errno refusal(Refusable operation) {
    try {
      operation.run();
      return null;
    } catch (FsException e) {
      return e.errno();
    }
  }

  Ino mkdir(Ino parent, String name) throws FsException {
    return mkdir(ROOT, parent, name, 0755);
  }

  Ino mkdir(Caller caller, Ino parent, String name, int mode) throws FsException {
    return names.create(caller, parent, Name.of(name), NewInode.directory(mode, 022)).ino();
  }

  Ino mkfile(Ino parent, String name) throws FsException {
    return mkfile(ROOT, parent, name, 0644);
  }

  Ino mkfile(Caller caller, Ino parent, String name, int mode) throws FsException {
    return names.create(caller, parent, Name.of(name), NewInode.file(mode, 022)).ino();
  }

  @Nullable Ino find(Ino parent, String name) throws FsException {
    Entry entry = names.lookup(ROOT, parent, Name.of(name));
    return entry == null ? null : entry.ino();
  }

  Ino require(Ino parent, String name) throws FsException {
    Ino ino = find(parent, name);
    if (ino == null) {
      throw Errno.ENOENT.exception();
    }
    return ino;
  }

  Attr attr(Ino ino) throws FsException {
    return names.getAttr(ino);
  }

  void unlink(Ino parent, String name) throws FsException {
    names.unlink(ROOT, parent, Name.of(name));
  }

  void rmdir(Ino parent, String name) throws FsException {
    names.rmdir(ROOT, parent, Name.of(name));
  }

  void rename(Ino parent, String name, Ino newParent, String newName) throws FsException {
    rename(parent, name, newParent, newName, 0);
  }

  void rename(Ino parent, String name, Ino newParent, String newName, int flags)
      throws FsException {
    names.rename(ROOT, parent, Name.of(name), newParent, Name.of(newName), flags);
  }

  Entry link(Ino ino, Ino parent, String name) throws FsException {
    return names.link(ROOT, ino, parent, Name.of(name));
  }

  /** All entries of a directory. */
  List<DirEntry> list(Ino directory) throws FsException {
    List<DirEntry> all = new ArrayList<>();
    Object from = null;
    do {
      Page<DirEntry> page = names.readdir(ROOT, directory, from, 7, true);
      all.addAll(page.rows());
      from = page.next();
    } while (from != null);
    return all;
  }

  /** The names in a directory, sorted. */
  List<String> ls(Ino directory) throws FsException {
    return list(directory).stream().map(entry -> entry.name().toString()).sorted().toList();
  }
}
