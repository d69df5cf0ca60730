package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a store under a prefix, such as {@code volume/}, seen without the prefix. */
public final class PrefixedObjectStore implements ObjectStore {
  private final ObjectStore store;
  private final String prefix;

  /** Owns {@code store}. */
  public PrefixedObjectStore(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  @Override
  public String describe() {
    return store.describe() + prefix;
  }

  @Override
  public boolean hasCheapRanges() {
    return store.hasCheapRanges();
  }

  @Override
  public void create() throws IOException {
    store.create();
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    store.put(prefix + key, data);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    return store.get(prefix + key, off, into);
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    ObjectInfo found = store.head(prefix + key);
    return found == null ? null : withoutPrefix(found);
  }

  @Override
  public void delete(String key) throws IOException {
    store.delete(prefix + key);
  }

  @Override
  public List<ObjectInfo> list(String keyPrefix, String after, int limit) throws IOException {
    return store.list(prefix + keyPrefix, prefix + after, limit).stream()
        .map(this::withoutPrefix)
        .toList();
  }

  @Override
  public void close() {
    store.close();
  }

  private ObjectInfo withoutPrefix(ObjectInfo found) {
    return new ObjectInfo(
        found.key().substring(prefix.length()), found.sizeBytes(), found.modified());
  }
}
