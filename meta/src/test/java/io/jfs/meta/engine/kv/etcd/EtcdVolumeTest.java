package io.jfs.meta.engine.kv.etcd;

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

/** Clients of a volume on an etcd server; each test has a volume of its own. */
class EtcdVolumeTest {
  private static EtcdServer server;
  private static int volumes;

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

  @BeforeEach
  void nextVolume() {
    volumes++;
  }

  private static Engine engine() {
    return Engines.open(server.url("volume" + volumes), Map.of());
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

  @Test
  void slicesShowTheBytesThatWereWritten() throws Exception {
    ContentModel.run(EtcdVolumeTest::engine, 3, 0);
  }

  @Test
  @Timeout(120)
  void manyThreadsLoseNoSlice() throws Exception {
    ContentRaces.run(EtcdVolumeTest::engine, 4, 40);
  }
}
