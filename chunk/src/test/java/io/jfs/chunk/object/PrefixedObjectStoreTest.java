package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;

class PrefixedObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore open() throws IOException {
    MemoryObjectStore all = new MemoryObjectStore(Clock.systemUTC());
    all.put("a-before", ByteBuffer.allocate(1));
    all.put("volume-other/x", ByteBuffer.allocate(1));
    all.put("zz-behind", ByteBuffer.allocate(1));
    return new PrefixedObjectStore(all, "volume/");
  }
}
