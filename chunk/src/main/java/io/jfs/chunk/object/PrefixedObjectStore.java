package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a store under a prefix, such as {@code volume/}, seen without the prefix. */
public final class PrefixedObjectStore extends ForwardingObjectStore {
  private final String prefix;

  /** Owns {@code store}. */
  public PrefixedObjectStore(ObjectStore store, String prefix) {
    super(store);
    this.prefix = prefix;
  }

  @Override
  public String describe() {
    return super.describe() + prefix;
  }

  @Override
  public void put(String key, ByteBuffer data, int tier) throws IOException {
    super.put(prefix + key, data, tier);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    return super.get(prefix + key, off, into);
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    ObjectInfo found = super.head(prefix + key);
    return found == null ? null : withoutPrefix(found);
  }

  @Override
  public void delete(String key) throws IOException {
    super.delete(prefix + key);
  }

  @Override
  public List<ObjectInfo> list(String keyPrefix, String after, int limit) throws IOException {
    return super.list(prefix + keyPrefix, prefix + after, limit).stream()
        .map(this::withoutPrefix)
        .toList();
  }

  private ObjectInfo withoutPrefix(ObjectInfo found) {
    return new ObjectInfo(
        found.key().substring(prefix.length()), found.sizeBytes(), found.modified());
  }
}
