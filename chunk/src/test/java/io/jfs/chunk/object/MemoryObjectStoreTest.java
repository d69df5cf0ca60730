package io.jfs.chunk.object;

import java.time.Clock;

class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore open() {
    return new MemoryObjectStore(Clock.systemUTC());
  }
}
