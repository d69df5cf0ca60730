package io.jfs.vfs.handle;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.txn.Page;
import io.jfs.vfs.VfsConfig.ListingOrder;
import io.jfs.vfs.attr.ChangeStamps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A directory's stored entries, page by page. Holds one page; of the others only where they start,
 * so that a listing of any length takes little memory and going back reads again. Only where it is
 * to be sorted and the engine has no order all names are held. Not thread safe.
 */
final class Listing {

  private static final int LIMIT = 4096;

  /** A first page of so many names in order says that the engine has an order. */
  private static final int ORDER_PROOF = 32;

  /** Attributes older than that are not given to the kernel. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Meta meta;
  private final Ino ino;
  private final ChangeStamps stamps;
  private final ListingOrder order;

  /**
   * The kernel wants attributes with the first names of every listing, and with the others only if
   * somebody has looked at those.
   */
  private final int firstLimit;

  private final List<@Nullable Object> starts = new ArrayList<>();
  private final NamesSeen seen = new NamesSeen();
  private boolean repeats = true; // until the engine has shown that it has an order

  private @Nullable List<DirEntry> sorted;
  private int number = -1;
  private List<DirEntry> rows = List.of();
  private boolean last;
  private boolean withAttributes;
  private long stamp;
  private long loadedNanos;

  Listing(Meta meta, Ino ino, ChangeStamps stamps, ListingOrder order) {
    this.meta = meta;
    this.ino = ino;
    this.stamps = stamps;
    this.order = order;
    this.firstLimit = meta.entriesPerRequest();
    starts.add(null);
  }

  /** Whether a page is the one at hand. */
  boolean has(int page) {
    return number == page;
  }

  /** Whether nothing comes behind the page at hand. */
  boolean isLast() {
    return last;
  }

  /** Number of rows of the page at hand. */
  int size() {
    return rows.size();
  }

  DirEntry row(int index) {
    return rows.get(index);
  }

  /** Whether all entries are in memory: pages come without asking metadata. */
  boolean hasAll() {
    return sorted != null;
  }

  /** Brings a page, whose predecessor has been at hand before. */
  void load(Caller caller, int page, boolean plus) throws FsException {
    if (sorted != null) {
      takeSorted(sorted, page);
      return;
    }
    if (page >= starts.size()) {
      rows = List.of(); // a cookie that was never given out
      number = page;
      last = true;
      return;
    }
    stamp = stamps.now();
    loadedNanos = System.nanoTime();
    withAttributes = plus;
    Page<DirEntry> answer =
        meta.readdir(caller, ino, starts.get(page), page == 0 ? firstLimit : LIMIT, plus);
    last = answer.next() == null;
    if (!last && page + 1 == starts.size()) {
      starts.add(answer.next());
    }
    rows = page == 0 ? answer.rows() : withoutRepeated(answer.rows(), page);
    if (page == 0) {
      studyOrder();
    }
    number = page;
    if (order == ListingOrder.SORTED && repeats && page == 0) {
      sort(caller);
    }
  }

  /** The page at hand is the first, and the engine has not shown an order. */
  private void sort(Caller caller) throws FsException {
    List<DirEntry> all = new ArrayList<>(rows);
    if (!last) {
      withAttributes = false;
      all = new ArrayList<>(allNames(caller));
    }
    all.sort(Comparator.comparing(DirEntry::name));
    sorted = all;
    takeSorted(all, 0);
  }

  private Collection<DirEntry> allNames(Caller caller) throws FsException {
    Map<Name, DirEntry> byName = new HashMap<>(); // an engine without order may repeat one
    Object from = null;
    do {
      Page<DirEntry> answer = meta.readdir(caller, ino, from, LIMIT, false);
      answer.rows().forEach(row -> byName.putIfAbsent(row.name(), row));
      from = answer.next();
    } while (from != null);
    return byName.values();
  }

  private void takeSorted(List<DirEntry> all, int page) {
    int start = (int) Math.min((long) page * LIMIT, all.size());
    int end = Math.min(start + LIMIT, all.size());
    rows = all.subList(start, end);
    last = end == all.size();
    number = page;
  }

  private void studyOrder() {
    if (repeats && !last) {
      repeats = rows.size() < ORDER_PROOF || !isAscending(rows);
      if (repeats) {
        rows.forEach(row -> seen.firstPage(row.name(), 0));
      }
    }
  }

  private static boolean isAscending(List<DirEntry> rows) {
    for (int i = 1; i < rows.size(); i++) {
      if (rows.get(i - 1).name().compareTo(rows.get(i).name()) >= 0) {
        return false;
      }
    }
    return true;
  }

  private List<DirEntry> withoutRepeated(List<DirEntry> all, int page) {
    if (!repeats) {
      return all;
    }
    List<DirEntry> fresh = new ArrayList<>(all.size());
    for (DirEntry row : all) {
      if (seen.firstPage(row.name(), page) == page) {
        fresh.add(row);
      }
    }
    return fresh;
  }

  /**
   * Reads the pages before one that another process has shown, so that {@link #load} finds it. Of a
   * directory that has not changed since, the pages are the same.
   */
  void replay(Caller caller, int page) throws FsException {
    for (int at = starts.size() - 1; at < page && starts.size() <= page; at++) {
      load(caller, at, false);
      if (last) {
        return;
      }
    }
  }

  /** A row's attributes if they may still be believed. */
  @Nullable Attr attributes(DirEntry row) {
    boolean fresh =
        withAttributes
            && System.nanoTime() - loadedNanos < FRESH_NANOS
            && !stamps.maybeChangedSince(stamp, row.dentry().ino());
    return fresh ? row.attr() : null;
  }
}
