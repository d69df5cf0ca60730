package io.jfs.cli.bench;

import io.jfs.meta.TreeWork;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures a metadata engine through this client's operations, without kernel and objects: each
 * worker in a directory of its own, so that no two conflict. Counts the requests to the engine.
 */
public final class MetaBench {
  private static final int LIST_PAGE = 1000;
  private static final int SLICE_BYTES = 4096;

  /** What is removed must not go to the trash: its slices have no objects. */
  private static final AttrUpdate CHMOD =
      new AttrUpdate(0700, null, null, null, null, false, false, Attr.FLAG_SKIP_TRASH, false);

  private final VolumeMeta meta;
  private final Ino top;
  private final int threads;
  private final int files;
  private final Load load;
  private final List<Ino> homes = new ArrayList<>();
  private final Map<Long, Ino> made = new ConcurrentHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /**
   * One operation's numbers.
   *
   * @param operation its name
   * @param result times
   * @param roundTrips requests to the engine for one operation, on average
   */
  public record Row(String operation, Load.Result result, double roundTrips) {}

  /** Measures below the directory {@code top}, with so many files for each thread. */
  public MetaBench(VolumeMeta meta, Ino top, int threads, int files) {
    this.meta = meta;
    this.top = top;
    this.threads = threads;
    this.files = files;
    this.load = new Load(threads, System::nanoTime);
  }

  /** Runs everything; removes what it made. */
  public List<Row> run() throws Exception {
    Ino home =
        meta.create(Caller.ROOT, top, Name.of("t" + threads), NewInode.directory(0755, 0)).ino();
    try {
      for (int i = 0; i < threads; i++) {
        homes.add(
            meta.create(Caller.ROOT, home, Name.of("w" + i), NewInode.directory(0755, 0)).ino());
      }
      long all = (long) files * threads;
      measure("mkdir", all, this::mkdir);
      Object unused = load.times(all, this::chmod);
      measure("rmdir", all, this::rmdir);
      measure("create", all, this::create);
      measure("lookup", all, this::lookup);
      measure("getattr", all, (w, n) -> meta.getAttr(ino(n)).nlink() * 0L);
      measure("setattr", all, this::chmod);
      measure("write slice", all, this::write);
      measure("read chunk", all, (w, n) -> meta.readChunk(ino(n), 0).size() * 0L);
      measure("readdir", threads, this::list);
      measure("rename", all, this::rename);
      measure("unlink", all, this::unlink);
      return rows;
    } finally {
      long unused =
          meta.removeTree(
              Caller.ROOT,
              top,
              Name.of("t" + threads),
              io.jfs.meta.Meta.Disposal.FOR_GOOD,
              TreeWork.QUIET);
    }
  }

  private void measure(String operation, long count, Load.Operation body) throws Exception {
    long before = meta.metrics().roundTrips.sum();
    Load.Result result = load.times(count, body);
    long roundTrips = meta.metrics().roundTrips.sum() - before;
    rows.add(new Row(operation, result, (double) roundTrips / Math.max(1, result.operations())));
  }

  /** A file belongs to the worker whose turn its number is, whoever made it. */
  private Ino home(long number) {
    return homes.get((int) (number % threads));
  }

  private static Name name(String kind, long number) {
    return Name.of(kind + number);
  }

  private Ino ino(long number) throws FsException {
    Ino ino = made.get(number);
    if (ino == null) {
      throw Errno.ENOENT.exception();
    }
    return ino;
  }

  private long create(int worker, long number) throws FsException {
    Entry entry = meta.create(Caller.ROOT, home(number), name("f", number), NewInode.file(0644, 0));
    meta.close(entry.ino());
    made.put(number, entry.ino());
    return 0;
  }

  private long lookup(int worker, long number) throws FsException {
    if (meta.lookup(Caller.ROOT, home(number), name("f", number)) == null) {
      throw Errno.ENOENT.exception();
    }
    return 0;
  }

  private long chmod(int worker, long number) throws FsException {
    Object unused = meta.setAttr(Caller.ROOT, ino(number), CHMOD);
    return 0;
  }

  private long write(int worker, long number) throws FsException {
    Slice slice = new Slice(0, meta.newSliceId(), SLICE_BYTES, 0, SLICE_BYTES);
    Object unused =
        meta.writeSlices(
            ino(number), List.of(new io.jfs.meta.Meta.ChunkSlice(0, slice)), Timestamp.EPOCH);
    return 0;
  }

  private long list(int worker, long number) throws FsException {
    Object from = null;
    do {
      from = meta.readdir(Caller.ROOT, home(number), from, LIST_PAGE, true).next();
    } while (from != null);
    return 0;
  }

  private long rename(int worker, long number) throws FsException {
    Ino home = home(number);
    meta.rename(Caller.ROOT, home, name("f", number), home, name("g", number), 0);
    return 0;
  }

  private long unlink(int worker, long number) throws FsException {
    Object unused = meta.unlink(Caller.ROOT, home(number), name("g", number));
    return 0;
  }

  private long mkdir(int worker, long number) throws FsException {
    Entry entry =
        meta.create(Caller.ROOT, home(number), name("d", number), NewInode.directory(0755, 0));
    made.put(number, entry.ino());
    return 0;
  }

  private long rmdir(int worker, long number) throws FsException {
    meta.rmdir(Caller.ROOT, home(number), name("d", number));
    return 0;
  }
}
