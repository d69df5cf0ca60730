package io.jfs.vfs.handle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.DirSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One opendir(3). A listing reads on from where it is, so it ends however the directory changes
 * meanwhile, and shows each name that is not touched once. A cookie is a page and a row in it;
 * small cookies are the entries that are not stored.
 */
public final class DirHandle implements HandleTable.Handle {
  private static final int ROW_BITS = 20;

  /** Of more touched names than that it is only remembered that there are many. */
  private static final int MAX_TOUCHED = 1 << 14;

  /** Several changes in a row may move a directory's times but once. */
  private static final long TIMES_ARE_LATE_MILLIS = 1000;

  private static final byte[] DOT = ".".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DOT_DOT = "..".getBytes(StandardCharsets.US_ASCII);

  /** An entry that is not stored in the directory. */
  public record Extra(byte[] name, Ino ino, FileType type, @Nullable Attr attr) {}

  private enum Touched {
    REMOVED,
    REPLACED
  }

  int place = KeptHandles.NO_PLACE; // in the ledger; set once, before anyone sees the handle

  /** When another process opened it, in milliseconds since 1970; -1: this process did. */
  private final long adoptedMillis;

  private final long number;
  private final Ino ino;
  private final Meta meta;
  private final Supplier<Listing> newListing;
  private final List<Extra> extrasBefore;
  private final BiFunction<Ino, Attr, @Nullable Attr> localView;

  @GuardedBy("this")
  private Listing listing;

  @GuardedBy("this")
  private @Nullable List<Extra> extras;

  /** Names of the page at hand that this client has touched since; its own lock. */
  @GuardedBy("touched")
  private final Map<Name, Touched> touched = new HashMap<>();

  @GuardedBy("touched")
  private boolean manyTouched;

  /**
   * A handle on a directory.
   *
   * @param newListing from the start
   * @param extrasBefore shown before "." and ".."
   * @param localView adds to attributes what this client knows better; null if they are doubtful
   * @param adoptedMillis when another process opened it; -1 if this one does
   */
  DirHandle(
      long number,
      Ino ino,
      Supplier<Listing> newListing,
      Meta meta,
      List<Extra> extrasBefore,
      BiFunction<Ino, Attr, @Nullable Attr> localView,
      long adoptedMillis) {
    this.adoptedMillis = adoptedMillis;
    this.number = number;
    this.ino = ino;
    this.meta = meta;
    this.newListing = newListing;
    this.extrasBefore = extrasBefore;
    this.localView = localView;
    this.listing = newListing.get();
  }

  @Override
  public long number() {
    return number;
  }

  /** Which directory. */
  public Ino ino() {
    return ino;
  }

  /**
   * Gives entries to {@code sink} from the cookie {@code offset} on; 0 starts anew. Returns how
   * many it took.
   */
  public synchronized int read(Caller caller, long offset, boolean plus, DirSink sink)
      throws FsException {
    if (offset < 0) {
      throw Errno.EINVAL.exception();
    }
    List<Extra> first = extras;
    boolean goesOn = adoptedMillis >= 0 && first == null;
    if (offset == 0 || first == null) {
      listing = newListing.get();
      first = makeExtras();
      extras = first;
    }
    int taken = 0;
    for (int i = (int) Math.min(offset, first.size()); i < first.size(); i++) {
      Extra extra = first.get(i);
      if (!sink.add(extra.name, extra.ino, extra.type, i + 1L, plus ? extra.attr : null)) {
        return taken;
      }
      taken++;
    }
    boolean inRows = offset >= 1L << ROW_BITS;
    int page = inRows ? (int) Math.min((offset >>> ROW_BITS) - 1, Integer.MAX_VALUE) : 0;
    int row = inRows ? (int) (offset & ((1 << ROW_BITS) - 1)) : 0;
    if (goesOn && inRows) {
      if (isUnchangedSinceOpen()) {
        listing.replay(caller, page);
      } else {
        page = 0;
        row = 0;
      }
    }
    return taken + readRows(caller, page, row, plus, sink);
  }

  /**
   * Whether what another process has shown of the directory is still where it was. If not, rather
   * all names come again than that one is missed.
   */
  private boolean isUnchangedSinceOpen() throws FsException {
    long changedMillis = meta.getAttr(ino).mtime().millisSince(Timestamp.EPOCH);
    return changedMillis + TIMES_ARE_LATE_MILLIS < adoptedMillis;
  }

  @GuardedBy("this")
  private int readRows(Caller caller, int firstPage, int firstRow, boolean plus, DirSink sink)
      throws FsException {
    int taken = 0;
    int row = firstRow;
    for (int page = firstPage; ; page++) {
      if (plus && taken > 0 && !listing.has(page)) {
        return taken; // whether attributes are wanted with the next page, too, the kernel decides
      }
      if (!listing.has(page)) {
        if (!listing.hasAll()) {
          synchronized (touched) {
            touched.clear(); // before asking: what is touched from here on counts
            manyTouched = false;
          }
        }
        listing.load(caller, page, plus);
      }
      for (; row < listing.size(); row++) {
        Touched how = howTouched(listing.row(row).name());
        if (how == Touched.REMOVED) {
          continue;
        }
        if (!offer(page, row, how == null && plus, sink)) {
          return taken;
        }
        taken++;
      }
      if (listing.isLast()) {
        return taken;
      }
      row = 0;
    }
  }

  private @Nullable Touched howTouched(Name name) {
    synchronized (touched) {
      Touched how = touched.isEmpty() ? null : touched.get(name);
      return how == null && manyTouched ? Touched.REPLACED : how;
    }
  }

  @GuardedBy("this")
  private boolean offer(int page, int row, boolean attributes, DirSink sink) {
    DirEntry entry = listing.row(row);
    Attr attr = attributes ? listing.attributes(entry) : null;
    if (attr != null) {
      attr = localView.apply(entry.dentry().ino(), attr);
    }
    long cookie = (page + 1L) << ROW_BITS | (row + 1);
    return sink.add(
        entry.name().bytes(), entry.dentry().ino(), entry.dentry().type(), cookie, attr);
  }

  private List<Extra> makeExtras() throws FsException {
    List<Extra> made = new ArrayList<>(extrasBefore);
    made.add(new Extra(DOT, ino, FileType.DIRECTORY, null));
    made.add(new Extra(DOT_DOT, parent(), FileType.DIRECTORY, null));
    return made;
  }

  private Ino parent() throws FsException {
    if (ino.equals(Ino.ROOT)) {
      return ino;
    }
    Ino parent = meta.knownParent(ino);
    return parent.equals(Ino.NONE) ? ino : parent;
  }

  /** This client has taken a name away. */
  void removed(Name name) {
    touch(name, Touched.REMOVED);
  }

  private void touch(Name name, Touched how) {
    synchronized (touched) {
      if (touched.size() < MAX_TOUCHED) {
        touched.put(name, how);
      } else {
        manyTouched = true;
      }
    }
  }

  /** This client has put something else under a name. */
  void replaced(Name name) {
    touch(name, Touched.REPLACED);
  }

  /** This client has made a name: one that was taken away before is there again. */
  void created(Name name) {
    synchronized (touched) {
      touched.replace(name, Touched.REPLACED);
    }
  }
}
