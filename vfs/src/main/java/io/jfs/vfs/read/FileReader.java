package io.jfs.vfs.read;

import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.vfs.Cancellation;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.compact.CompactionPolicy;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of one inode, from all its handles. Remembers what of each chunk is visible until told that
 * it has changed. Readers do not lock each other out.
 */
public final class FileReader {
  private static final Logger log = LoggerFactory.getLogger(FileReader.class);
  private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(Slice.CHUNK_BYTES);
  private static final int MAX_REMEMBERED = 4096;
  private static final int MAX_AT_ONCE = 16;

  private final Readers readers;
  private final Ino ino;
  private final ConcurrentHashMap<Integer, ChunkView> views = new ConcurrentHashMap<>(2);
  private final AtomicLong changes = new AtomicLong();

  FileReader(Readers readers, Ino ino) {
    this.readers = readers;
    this.ino = ino;
  }

  /**
   * Reads [offset, offset + size), cut at {@code lengthBytes}.
   *
   * @throws FsException what metadata refuses; EINTR while waiting for a further try
   * @throws IOException when the store failed as often as the mount tries
   */
  public ReadData read(
      long offset, int size, long lengthBytes, ReadAhead ahead, Cancellation cancellation)
      throws FsException, IOException {
    int wanted = (int) Math.max(0, Math.min(size, lengthBytes - offset));
    if (wanted == 0) {
      return new Pages(readers.lentBytes());
    }
    boolean sequential = ahead.onRead(offset, wanted, lengthBytes, this::prefetch);
    ReadPatience patience = null;
    for (; ; ) {
      try {
        return readOnce(offset, wanted, sequential);
      } catch (IOException e) {
        patience = patience == null ? new ReadPatience(readers.retries()) : patience;
        beforeRetry(e, patience, offset, wanted, cancellation);
      }
    }
  }

  private ReadData readOnce(long offset, int size, boolean sequential)
      throws FsException, IOException {
    PageSlice first = firstPage(offset, size, sequential);
    if (first != null && first.lengthBytes() == size) {
      return new OnePage(first, readers.lentBytes());
    }
    Pages pages = new Pages(readers.lentBytes());
    boolean done = false;
    try {
      int have = 0;
      if (first != null) {
        pages.takePage(first);
        have = first.lengthBytes();
      }
      fill(pages, offset + have, size - have, sequential);
      done = true;
      return pages;
    } finally {
      if (!done) {
        pages.close();
      }
    }
  }

  /** As much as one page holds from {@code offset} on; null if there is a hole. */
  private @Nullable PageSlice firstPage(long offset, int size, boolean sequential)
      throws FsException, IOException {
    ChunkView view = view(chunk(offset));
    int pos = (int) (offset & (Slice.CHUNK_BYTES - 1));
    int number = view.firstEndingBehind(pos);
    if (number == view.size() || view.piece(number).pos() > pos) {
      return null;
    }
    Slice piece = view.piece(number);
    int length = Math.min(size, piece.end() - pos);
    if (length < size) {
      fetchOthers(view, number + 1, pos + Math.min(size, Slice.CHUNK_BYTES - pos));
    }
    return readers
        .store()
        .read(piece.id(), piece.size(), piece.off() + (pos - piece.pos()), length, sequential);
  }

  private void beforeRetry(
      IOException failure, ReadPatience patience, long offset, int size, Cancellation cancellation)
      throws FsException, IOException {
    if (!patience.allowsAnother()) {
      throw failure;
    }
    log.warn(
        "read of inode {} at {} failed, try {}: {}",
        ino,
        offset,
        patience.tries(),
        failure.toString());
    boolean changed = refresh(offset, offset + size);
    if (changed && failure instanceof NoSuchObjectException) {
      return; // compacted elsewhere: the fresh list names other objects
    }
    Runnable wake = cancellation::wake;
    readers.store().wakeOnRecovery(wake);
    try {
      patience.pause(cancellation);
    } finally {
      readers.store().stopWaking(wake);
    }
  }

  /** Asks metadata again; whether the visible slices differ from those remembered. */
  private boolean refresh(long from, long to) throws FsException {
    boolean changed = false;
    for (int index = chunk(from); index <= chunk(to - 1); index++) {
      ChunkView before = views.remove(index);
      changed |= before == null || !before.equals(view(index));
    }
    return changed;
  }

  private void fill(Pages pages, long offset, int size, boolean sequential)
      throws FsException, IOException {
    long end = offset + size;
    for (long at = offset; at < end; ) {
      int pos = (int) (at & (Slice.CHUNK_BYTES - 1));
      int length = (int) Math.min(end - at, Slice.CHUNK_BYTES - pos);
      fillFromChunk(pages, view(chunk(at)), pos, pos + length, sequential);
      at += length;
    }
  }

  private void fillFromChunk(Pages pages, ChunkView view, int from, int to, boolean sequential)
      throws IOException {
    int pos = from;
    int number = view.firstEndingBehind(from);
    fetchOthers(view, number + 1, to);
    for (; pos < to && number < view.size(); number++) {
      Slice piece = view.piece(number);
      if (piece.pos() >= to) {
        break;
      }
      if (piece.pos() > pos) {
        pages.addZeros(piece.pos() - pos);
        pos = piece.pos();
      }
      int end = Math.min(to, piece.end());
      fillFromPiece(pages, piece, pos, end, sequential);
      pos = end;
    }
    pages.addZeros(to - pos);
  }

  /** A read that needs several slices fetches them at the same time. */
  private void fetchOthers(ChunkView view, int number, int to) {
    for (int i = number; i < Math.min(view.size(), number + MAX_AT_ONCE); i++) {
      Slice piece = view.piece(i);
      if (piece.pos() >= to) {
        return;
      }
      int length = Math.min(to, piece.end()) - piece.pos();
      readers.store().prefetch(piece.id(), piece.size(), piece.off(), length);
    }
  }

  private void fillFromPiece(Pages pages, Slice piece, int from, int to, boolean sequential)
      throws IOException {
    for (int pos = from; pos < to; ) {
      int before = pages.lengthBytes();
      pages.takePage(
          readers
              .store()
              .read(
                  piece.id(),
                  piece.size(),
                  piece.off() + (pos - piece.pos()),
                  to - pos,
                  sequential));
      pos += pages.lengthBytes() - before;
    }
  }

  private void prefetch(long from, long to) {
    try {
      for (long at = from; at < to; ) {
        int pos = (int) (at & (Slice.CHUNK_BYTES - 1));
        int length = (int) Math.min(to - at, Slice.CHUNK_BYTES - pos);
        prefetchFromChunk(view(chunk(at)), pos, pos + length);
        at += length;
      }
    } catch (FsException e) {
      log.debug("read-ahead of inode {} refused: {}", ino, e.getMessage());
    }
  }

  private void prefetchFromChunk(ChunkView view, int from, int to) {
    for (int i = view.firstEndingBehind(from); i < view.size(); i++) {
      Slice piece = view.piece(i);
      int start = Math.max(from, piece.pos());
      int end = Math.min(to, piece.end());
      if (start >= end) {
        return;
      }
      readers
          .store()
          .prefetch(piece.id(), piece.size(), piece.off() + (start - piece.pos()), end - start);
    }
  }

  /**
   * The next place with data ({@code wantData}) or in a hole from {@code offset} on, all bytes
   * being named by metadata; {@code lengthBytes} if there is none before the end.
   */
  public long seek(long offset, long lengthBytes, Seek what) throws FsException {
    long at = offset;
    while (at < lengthBytes) {
      int index = chunk(at);
      int pos = (int) (at & (Slice.CHUNK_BYTES - 1));
      int found = what == Seek.DATA ? nextData(view(index), pos) : nextHole(view(index), pos);
      long base = (long) index << CHUNK_SHIFT;
      if (found < Slice.CHUNK_BYTES) {
        return Math.min(base + found, lengthBytes);
      }
      at = base + Slice.CHUNK_BYTES;
    }
    return lengthBytes;
  }

  /** What {@link #seek} looks for. */
  public enum Seek {
    DATA,
    HOLE
  }

  private static int nextData(ChunkView view, int pos) {
    int number = view.firstEndingBehind(pos);
    return number < view.size() ? Math.max(pos, view.piece(number).pos()) : Slice.CHUNK_BYTES;
  }

  private static int nextHole(ChunkView view, int pos) {
    int at = pos;
    for (int i = view.firstEndingBehind(pos); i < view.size() && view.piece(i).pos() <= at; i++) {
      at = view.piece(i).end();
    }
    return at;
  }

  private ChunkView view(int index) throws FsException {
    ChunkView known = views.get(index);
    return known != null ? known : load(index);
  }

  private ChunkView load(int index) throws FsException {
    long before = changes.get();
    List<Slice> slices = readers.meta().readChunk(ino, index);
    ChunkView view = ChunkView.of(slices);
    remember(index, view, before);
    if (CompactionPolicy.isDueAfterRead(slices.size(), view.dataBytes())) {
      readers.compactor().request(ino, index);
    }
    return view;
  }

  /** Remembers a view unless something has changed since {@code before}. */
  private void remember(int index, ChunkView view, long before) {
    if (views.size() >= MAX_REMEMBERED) {
      views.clear();
    }
    // Under the map's lock of this entry, which changed() takes after counting.
    views.compute(index, (i, old) -> changes.get() == before ? view : old);
  }

  /** How often this reader was told of a change; taken before asking metadata. */
  public long changes() {
    return changes.get();
  }

  /** Slices of the first chunk that an open brought along. */
  public void offerFirstChunk(@Nullable List<Slice> slices, long changesBefore) {
    if (slices != null && changes.get() == changesBefore) {
      remember(0, ChunkView.of(slices), changesBefore);
    }
  }

  /** The slices of a chunk have changed. */
  public void changed(int index) {
    changes.incrementAndGet();
    views.remove(index);
  }

  /** The slices of any chunk may have changed. */
  public void changed() {
    changes.incrementAndGet();
    views.clear();
  }

  private static int chunk(long offset) {
    return (int) (offset >>> CHUNK_SHIFT);
  }
}
