package io.jfs.meta.engine.redis;

import io.jfs.meta.ContentContract;
import io.jfs.meta.ContentModel;
import io.jfs.meta.ContentRaces;
import io.jfs.meta.SliceReferenceContract;
import io.jfs.meta.VolumeContract;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of a volume on a plain Redis server. */
class RedisVolumeTest {
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

  private static Engine engine() {
    return Engines.open(server.url(1), Map.of());
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void slicesShowTheBytesThatWereWritten(long seed) throws Exception {
    ContentModel.run(RedisVolumeTest::engine, seed, (int) (seed % 2));
  }

  @Test
  @Timeout(120)
  void manyThreadsLoseNoSlice() throws Exception {
    ContentRaces.run(RedisVolumeTest::engine, 8, 150);
  }
}
