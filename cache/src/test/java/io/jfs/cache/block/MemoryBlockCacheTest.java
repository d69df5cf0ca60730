package io.jfs.cache.block;

import java.time.Clock;
import java.util.List;

class MemoryBlockCacheTest extends BlockCacheContract {
  @Override
  BlockCache open(long capacityBytes) {
    return BlockCaches.open(
        CacheConfig.defaults(List.of()).withCapacity(capacityBytes, 0),
        pool,
        DiskSpace.ofJdk(),
        Clock.systemUTC(),
        new CacheMetrics());
  }
}
