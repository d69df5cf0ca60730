package io.jfs.cli.copies;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.txn.Engine;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * copy_file_range, holes, truncation, clones and overwriting from several clients while compaction
 * and garbage collection run all the time. A run is the same for a seed each time.
 */
class CopiesModelTest {
  private static final int STEPS = 150;
  private static final int CLIENTS = 3;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("jfs.copies.seeds", 50));
  }

  private static void run(Supplier<Engine> engines, long seed) throws Exception {
    int trashDays = seed % 3 == 0 ? 1 : 0;
    try (SharedVolume volume = new SharedVolume(engines, CLIENTS, trashDays)) {
      new CopiesModel(volume, seed).run(STEPS);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyByteIsRightAndNothingIsLost(long seed) throws Exception {
    MemoryKv kv = new MemoryKv("memkv://copies");
    run(() -> new KvEngine(kv), seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103})
  void alsoInAnEmbeddedEngine(long seed, @TempDir Path folder) throws Exception {
    run(() -> Engines.open("lmdb://" + folder.resolve("meta"), Map.of()), seed);
  }
}
