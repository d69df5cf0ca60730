package io.jfs.chunk.encrypt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.MemoryObjectStore;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.ObjectStoreContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;

class EncryptedObjectStoreTest extends ObjectStoreContract {
  private final PagePool pool = new PagePool(new MemoryBudget(16 << 20));

  @Override
  protected ObjectStore open() throws IOException {
    Encryption encryption = EncryptionTest.testEncryption("aes256gcm-rsa");
    return new PlainSizes(
        new EncryptedObjectStore(new MemoryObjectStore(Clock.systemUTC()), encryption, pool),
        encryption.overheadBytes());
  }

  @Override
  protected int manyKeys() {
    return 200;
  }

  @AfterEach
  void nothingIsLeftOver() {
    assertThat(pool.outstanding()).isZero();
  }

  /** Tells sizes as the contract expects them; the store itself tells those of what is stored. */
  private record PlainSizes(ObjectStore store, int overheadBytes) implements ObjectStore {
    @Override
    public String describe() {
      return store.describe();
    }

    @Override
    public void create() throws IOException {
      store.create();
    }

    @Override
    public void put(String key, ByteBuffer data) throws IOException {
      store.put(key, data);
    }

    @Override
    public int get(String key, long off, ByteBuffer into) throws IOException {
      return store.get(key, off, into);
    }

    @Override
    public io.jfs.chunk.object.ObjectInfo head(String key) throws IOException {
      io.jfs.chunk.object.ObjectInfo found = store.head(key);
      return found == null
          ? null
          : new io.jfs.chunk.object.ObjectInfo(
              found.key(), found.sizeBytes() - overheadBytes, found.modified());
    }

    @Override
    public void delete(String key) throws IOException {
      store.delete(key);
    }

    @Override
    public java.util.List<io.jfs.chunk.object.ObjectInfo> list(
        String prefix, String after, int limit) throws IOException {
      return store.list(prefix, after, limit);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
