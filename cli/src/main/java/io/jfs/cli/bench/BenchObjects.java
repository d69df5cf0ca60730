package io.jfs.cli.bench;

import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Requests of a load to an object store; each tells how many bytes it moved. */
final class BenchObjects {
  private final ObjectStore store;

  BenchObjects(ObjectStore store) {
    this.store = store;
  }

  /** Stores an object. */
  long put(String key, ByteBuffer data) throws IOException {
    store.put(key, data);
    return data.remaining();
  }

  /**
   * Reads an object whole, into the memory of {@code like}.
   *
   * @throws IOException also if it is not as long as {@code like}
   */
  long get(String key, ByteBuffer like) throws IOException {
    ByteBuffer into = like.duplicate().clear();
    int count = store.get(key, 0, into);
    if (count != like.remaining()) {
      throw new IOException(key + " has " + count + " bytes instead of " + like.remaining());
    }
    return count;
  }

  /** Deletes an object. */
  long delete(String key) throws IOException {
    store.delete(key);
    return 0;
  }
}
