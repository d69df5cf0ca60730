package io.jfs.chunk.object;

import io.jfs.cache.block.Hashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spreads keys over several stores by the FNV-1a hash of the key (data format 1.5). */
public final class ShardedObjectStore implements ObjectStore {
  private final List<ObjectStore> shards;

  /** Owns {@code shards}, whose number and order are part of the format. */
  public ShardedObjectStore(List<ObjectStore> shards) {
    this.shards = List.copyOf(shards);
  }

  @Override
  public String describe() {
    return "shard" + shards.size() + "://" + shards.get(0).describe();
  }

  @Override
  public boolean hasCheapRanges() {
    return shards.stream().allMatch(ObjectStore::hasCheapRanges);
  }

  @Override
  public void create() throws IOException {
    for (ObjectStore shard : shards) {
      shard.create();
    }
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    put(key, data, 0);
  }

  @Override
  public void put(String key, ByteBuffer data, int tier) throws IOException {
    shardOf(key).put(key, data, tier);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    return shardOf(key).get(key, off, into);
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    return shardOf(key).head(key);
  }

  @Override
  public void delete(String key) throws IOException {
    shardOf(key).delete(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    List<ObjectInfo> all = new ArrayList<>();
    for (ObjectStore shard : shards) {
      all.addAll(shard.list(prefix, after, limit));
    }
    all.sort(Comparator.comparing(ObjectInfo::key, KeyOrder.INSTANCE));
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }

  @Override
  public void close() {
    shards.forEach(ObjectStore::close);
  }

  private ObjectStore shardOf(String key) {
    return shards.get(Integer.remainderUnsigned(Hashes.fnv1a32(key), shards.size()));
  }
}
