package io.jfs.meta.engine.kv;

import io.jfs.meta.txn.EngineDifferential;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The differential run against itself: that it is deterministic and meets what it is meant to. */
class MemoryDifferentialTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sameAnswers(long seed) {
    EngineDifferential.run(KvEngine.inMemory(), KvEngine.inMemory(), seed, 3000);
  }
}
