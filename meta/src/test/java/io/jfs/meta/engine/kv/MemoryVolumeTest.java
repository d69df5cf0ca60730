package io.jfs.meta.engine.kv;

import io.jfs.meta.ContentModel;
import io.jfs.meta.VolumeSuite;
import io.jfs.meta.txn.Engine;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Clients of a volume on the heap; being quick, with seeds that no other run had. */
class MemoryVolumeTest extends VolumeSuite {
  private MemoryKv kv = new MemoryKv("memkv://test");

  @Override
  protected Engine open() {
    return new KvEngine(kv);
  }

  @Override
  protected void emptied() {
    kv = new MemoryKv("memkv://test");
  }

  @Override
  protected long[] modelSeeds() {
    return new long[] {1, 2};
  }

  @Override
  protected int raceRounds() {
    return 400;
  }

  private static Supplier<Engine> fresh() {
    MemoryKv volume = new MemoryKv("memkv://property");
    return () -> new KvEngine(volume);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void slicesShowTheBytesThatWereWritten(@ForAll long seed) throws Exception {
    ContentModel.run(fresh(), seed, 0);
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void alsoWhileTheTrashKeepsReplacedSlices(@ForAll long seed) throws Exception {
    ContentModel.run(fresh(), seed, 1);
  }
}
