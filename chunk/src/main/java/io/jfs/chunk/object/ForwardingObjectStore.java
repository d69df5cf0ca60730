package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store on top of another: passes everything on, so that a decorator says only what it changes.
 * Owns the other one.
 */
public abstract class ForwardingObjectStore implements ObjectStore {
  private final ObjectStore store;

  /** Owns {@code store}. */
  protected ForwardingObjectStore(ObjectStore store) {
    this.store = store;
  }

  /** The store underneath at this moment. */
  protected ObjectStore store() {
    return store;
  }

  @Override
  public String describe() {
    return store().describe();
  }

  @Override
  public boolean hasCheapRanges() {
    return store().hasCheapRanges();
  }

  @Override
  public void create() throws IOException {
    store().create();
  }

  @Override
  public final void put(String key, ByteBuffer data) throws IOException {
    put(key, data, 0);
  }

  @Override
  public void put(String key, ByteBuffer data, int tier) throws IOException {
    store().put(key, data, tier);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    return store().get(key, off, into);
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    return store().head(key);
  }

  @Override
  public void delete(String key) throws IOException {
    store().delete(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    return store().list(prefix, after, limit);
  }

  @Override
  public void close() {
    store().close();
  }
}
