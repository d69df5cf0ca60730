package io.jfs.meta.engine.kv.etcd;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineContract;
import io.jfs.meta.txn.EngineDifferential;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EtcdEngineTest extends EngineContract {
  private static EtcdServer server;
  private static int volumes;

  private final String url = server.url("contract" + volumes++);

  @BeforeAll
  static void start() {
    server = EtcdServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected Engine open() {
    return Engines.open(url, Map.of());
  }

  @Override
  protected boolean seesLogGrowthAsHarmless() {
    return false;
  }

  @Test
  void sameAnswersAsMemory() {
    try (Engine etcd = Engines.open(url, Map.of())) {
      EngineDifferential.run(KvEngine.inMemory(), etcd, 21, 1000);
    }
  }
}
