package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Objects in this process' memory ({@code --storage mem}): for tests. */
public final class MemoryObjectStore implements ObjectStore {
  private record Stored(ByteBuffer bytes, Instant modified) {
    int lengthBytes() {
      return bytes.capacity();
    }
  }

  private final ConcurrentSkipListMap<String, Stored> objects =
      new ConcurrentSkipListMap<>(KeyOrder.INSTANCE);
  private final Clock clock;

  /** An empty store. */
  public MemoryObjectStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String describe() {
    return "mem://";
  }

  @Override
  public void create() {}

  @Override
  public void put(String key, ByteBuffer data) {
    ByteBuffer bytes = ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
    objects.put(key, new Stored(bytes, clock.instant()));
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    Stored stored = objects.get(key);
    if (stored == null) {
      throw new NoSuchObjectException(key);
    }
    int start = (int) Math.min(off, stored.lengthBytes());
    int length = Math.min(into.remaining(), stored.lengthBytes() - start);
    into.put(stored.bytes.slice(start, length));
    return length;
  }

  @Override
  public @Nullable ObjectInfo head(String key) {
    Stored stored = objects.get(key);
    return stored == null ? null : new ObjectInfo(key, stored.lengthBytes(), stored.modified);
  }

  @Override
  public void delete(String key) {
    objects.remove(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) {
    List<ObjectInfo> found = new ArrayList<>();
    boolean inside = KeyOrder.INSTANCE.compare(after, prefix) >= 0;
    Map<String, Stored> rest =
        inside ? objects.tailMap(after, false) : objects.tailMap(prefix, true);
    for (Map.Entry<String, Stored> entry : rest.entrySet()) {
      if (found.size() == limit || !entry.getKey().startsWith(prefix)) {
        break;
      }
      Stored stored = entry.getValue();
      found.add(new ObjectInfo(entry.getKey(), stored.lengthBytes(), stored.modified));
    }
    return found;
  }

  @Override
  public void close() {}
}
