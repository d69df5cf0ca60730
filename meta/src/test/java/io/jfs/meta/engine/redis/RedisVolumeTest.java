package io.jfs.meta.engine.redis;

import io.jfs.meta.VolumeSuite;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Clients of a volume on a plain Redis server. */
class RedisVolumeTest extends VolumeSuite {
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
  @Override
  protected void emptied() {
    server.ask("FLUSHALL");
  }

  @Override
  protected Engine open() {
    return Engines.open(server.url(1), Map.of());
  }

  @Override
  protected long[] modelSeeds() {
    return new long[] {1, 2, 3, 4};
  }
}
