package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Slows transfers down to limits that may change while it runs. */
public final class RateLimitedObjectStore extends ForwardingObjectStore {
  private final RateLimiter uploads;
  private final RateLimiter downloads;

  /** Owns {@code store}; shares the limiters. */
  public RateLimitedObjectStore(ObjectStore store, RateLimiter uploads, RateLimiter downloads) {
    super(store);
    this.uploads = uploads;
    this.downloads = downloads;
  }

  @Override
  public void put(String key, ByteBuffer data, int tier) throws IOException {
    uploads.acquire(data.remaining());
    super.put(key, data, tier);
  }

  /** Charged after the fact: only then it is known how long the object is. */
  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    int count = super.get(key, off, into);
    downloads.acquire(count);
    return count;
  }
}
