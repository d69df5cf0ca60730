package io.jfs.vfs;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An object store that can be told to fail, and counts. Shared by clients: closing does nothing.
 */
final class FaultyObjects implements ObjectStore {
  private final ObjectStore target;
  final AtomicInteger puts = new AtomicInteger();
  final AtomicInteger gets = new AtomicInteger();
  volatile boolean refusePuts;
  volatile boolean refuseGets;

  FaultyObjects(ObjectStore target) {
    this.target = target;
  }

  @Override
  public String describe() {
    return target.describe();
  }

  @Override
  public void create() throws IOException {
    target.create();
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    puts.incrementAndGet();
    if (refusePuts) {
      throw new IOException("refused on purpose");
    }
    target.put(key, data);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    gets.incrementAndGet();
    if (refuseGets) {
      throw new IOException("refused on purpose");
    }
    return target.get(key, off, into);
  }

  @Override
  public ObjectInfo head(String key) throws IOException {
    return target.head(key);
  }

  @Override
  public void delete(String key) throws IOException {
    target.delete(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    return target.list(prefix, after, limit);
  }

  @Override
  public void close() {}
}
