package io.jfs.meta.engine.kv;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineDifferential;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LmdbDifferentialTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void sameAsMemory(long seed) {
    try (Engine lmdb = Engines.open("lmdb://" + directory + "?durability=none", Map.of())) {
      EngineDifferential.run(KvEngine.inMemory(), lmdb, seed, 3000);
    }
  }
}
