package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.page.PageSlice;
import java.io.IOException;
import java.util.Map;

/**
 * Reads and writes slices. A slice has an id, at most 64 MiB, and never changes once it is
 * finished. Thread safe.
 */
public interface SliceStore extends AutoCloseable {
  /**
   * Starts a slice whose id may still be unknown.
   *
   * @param tier 0 to 3: how the object store is to keep it (data format 3.11)
   */
  SliceWriter newWriter(int tier);

  /** A slice of a file without a storage tier of its own. */
  default SliceWriter newWriter() {
    return newWriter(0);
  }

  /**
   * Some bytes of a slice: from {@code off} on at least one byte and at most {@code len}, ending at
   * the latest where the block that holds {@code off} ends. The caller owns the answer and closes
   * it.
   *
   * @param id the slice
   * @param size its full size in bytes, which decides the names of its blocks
   * @param sequential whether the reader goes on behind, so that reading ahead pays
   * @throws io.jfs.chunk.object.NoSuchObjectException if the block is gone
   */
  PageSlice read(long id, int size, int off, int len, boolean sequential) throws IOException;

  /**
   * Asks for [off, off + len) of a slice to be brought into the cache soon, without waiting;
   * dropped when too much is asked.
   */
  void prefetch(long id, int size, int off, int len);

  /** Brings a whole slice into the cache and waits. */
  void warm(long id, int size) throws IOException;

  /** Drops a slice from the cache; staged blocks stay. */
  void evict(long id, int size);

  /** Which part of a slice the cache holds: bytes by {@link BlockCache#place}. */
  Map<String, Long> cachedBytes(long id, int size);

  /** Deletes all objects of a slice, and its cached blocks. Missing ones are a success. */
  void remove(long id, int size) throws IOException;

  /**
   * Has {@code wake} run whenever the object store answers again after it did not, for those who
   * pause between tries. The store is watched as long as somebody wants to know.
   *
   * @param wake quick; the same object ends it with {@link #stopWaking}
   */
  void wakeOnRecovery(Runnable wake);

  /** Ends what {@link #wakeOnRecovery} began. */
  void stopWaking(Runnable wake);

  /** Waits until everything staged is stored. */
  void flushStaged() throws IOException;

  @Override
  void close();
}
