package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineContract;
import io.jfs.meta.txn.EngineDifferential;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TikvEngineTest extends EngineContract {
  private static TestTikv cluster;

  @BeforeAll
  static void start() {
    cluster = new TestTikv();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void nextVolume() {
    cluster.nextVolume();
  }

  @Override
  protected Engine open() {
    return cluster.open();
  }

  @Test
  void sameAnswersAsMemory() {
    try (Engine tikv = cluster.open()) {
      EngineDifferential.run(KvEngine.inMemory(), tikv, 21, 1000);
    }
  }
}
