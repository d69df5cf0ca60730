package io.jfs.chunk.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardedObjectStoreTest extends ObjectStoreContract {
  private final List<ObjectStore> shards =
      List.of(
          new MemoryObjectStore(Clock.systemUTC()),
          new MemoryObjectStore(Clock.systemUTC()),
          new MemoryObjectStore(Clock.systemUTC()));

  @Override
  protected ObjectStore open() {
    return new ShardedObjectStore(shards);
  }

  @Test
  void theShardOfAKeyIsThatOfTheReference() throws IOException {
    try (ObjectStore store = new PrefixedObjectStore(open(), "vsh/")) {
      store.put("juicefs_uuid", ByteBuffer.allocate(1));
      store.put("chunks/0/0/1_3_65536", ByteBuffer.allocate(1));
      assertThat(shards.get(2).head("vsh/juicefs_uuid")).isNotNull();
      assertThat(shards.get(0).head("vsh/chunks/0/0/1_3_65536")).isNotNull();
      assertThat(store.describe()).isEqualTo("shard3://mem://vsh/");
    }
  }
}
