package io.jfs.meta;

import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.txn.Engine;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of a volume on the heap. */
class MemoryVolumeTest {
  private final MemoryKv kv = new MemoryKv("memkv://test");

  private Engine engine() {
    return new KvEngine(kv);
  }

  @Nested
  class Life extends VolumeContract {
    @Override
    protected Engine open() {
      return engine();
    }
  }

  @Nested
  class Content extends ContentContract {
    @Override
    protected Engine open() {
      return engine();
    }
  }

  @Nested
  class References extends SliceReferenceContract {
    @Override
    protected Engine open() {
      return engine();
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void slicesShowTheBytesThatWereWritten(@ForAll long seed) throws Exception {
    ContentModel.run(TestVolume.inMemory(), seed, 0);
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void alsoWhileTheTrashKeepsReplacedSlices(@ForAll long seed) throws Exception {
    ContentModel.run(TestVolume.inMemory(), seed, 1);
  }

  @Test
  @Timeout(120)
  void manyThreadsLoseNoSlice() throws Exception {
    ContentRaces.run(TestVolume.inMemory(), 8, 400);
  }
}
