package io.jfs.chunk.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class ReplaceableObjectStoreTest extends ObjectStoreContract {
  private final ObjectStore first = new MemoryObjectStore(Clock.systemUTC());

  @Override
  protected ObjectStore open() {
    return new ReplaceableObjectStore(new MemoryObjectStore(Clock.systemUTC()));
  }

  @Test
  void requestsGoToTheStoreThatTookThePlace() throws Exception {
    ObjectStore second = new MemoryObjectStore(Clock.systemUTC());
    try (ReplaceableObjectStore store = new ReplaceableObjectStore(first)) {
      store.put("a", ByteBuffer.allocate(1));
      store.replace(second);
      store.put("b", ByteBuffer.allocate(1));
      assertThat(store.head("a")).isNull();
      assertThat(second.head("b")).isNotNull();
      assertThat(first.head("a")).isNotNull();
    }
  }
}
