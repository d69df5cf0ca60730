package io.jfs.meta.engine.redis;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineContract;
import io.jfs.meta.txn.EngineDifferential;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of all engines, on one plain server. */
class RedisEngineTest extends EngineContract {
  private static RedisServer server;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void empty() {
    server.ask("FLUSHALL");
  }

  @Override
  protected Engine open() {
    return (RedisEngine) Engines.open(server.url(3), Map.of());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answersAsTheMemoryEngineDoes(long seed) {
    try (Engine redis = open();
        Engine memory = KvEngine.inMemory()) {
      EngineDifferential.run(memory, redis, seed, 1500);
    }
  }
}
