package io.jfs.chunk.encrypt;

import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.ForwardingObjectStore;
import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Seals objects on their way into a store and opens them on their way out. Keys, listings and sizes
 * stay as the store has them. A part can only be had by fetching the whole.
 */
public final class EncryptedObjectStore extends ForwardingObjectStore {
  private static final int GUESSED_PLAIN_BYTES = 1 << 20;

  private final Encryption encryption;
  private final PagePool pool;

  /** Owns {@code store}; borrows memory from {@code pool}. */
  public EncryptedObjectStore(ObjectStore store, Encryption encryption, PagePool pool) {
    super(store);
    this.encryption = encryption;
    this.pool = pool;
  }

  @Override
  public boolean hasCheapRanges() {
    return false;
  }

  @Override
  public void put(String key, ByteBuffer data, int tier) throws IOException {
    try (Page page = pool.takeNow(data.remaining() + encryption.overheadBytes())) {
      ByteBuffer sealed = page.buffer();
      encryption.seal(data, sealed);
      super.put(key, sealed.flip(), tier);
    }
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    int guess = off == 0 ? into.remaining() : GUESSED_PLAIN_BYTES;
    int room = guess + encryption.overheadBytes() + 1; // one more shows whether it is longer
    try (Page page = pool.takeNow(room)) {
      ByteBuffer sealed = page.buffer(0, room);
      if (super.get(key, 0, sealed) < room) {
        return open(sealed.flip(), off, into);
      }
    }
    return getLong(key, off, into);
  }

  private int getLong(String key, long off, ByteBuffer into) throws IOException {
    ObjectInfo found = head(key);
    if (found == null) {
      throw new NoSuchObjectException(key);
    }
    int size = Math.toIntExact(found.sizeBytes());
    try (Page page = pool.takeNow(size)) {
      ByteBuffer sealed = page.buffer(0, size);
      int ignored = super.get(key, 0, sealed);
      return open(sealed.flip(), off, into);
    }
  }

  private int open(ByteBuffer sealed, long off, ByteBuffer into) throws IOException {
    try (Page page = pool.takeNow(Math.max(1, sealed.remaining()))) {
      ByteBuffer plain = page.buffer();
      encryption.open(sealed, plain);
      plain.flip();
      int start = (int) Math.min(off, plain.limit());
      int length = Math.min(into.remaining(), plain.limit() - start);
      into.put(plain.slice(start, length));
      return length;
    }
  }
}
