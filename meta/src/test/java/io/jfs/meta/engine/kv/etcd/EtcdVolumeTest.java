package io.jfs.meta.engine.kv.etcd;

import io.jfs.meta.VolumeSuite;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Clients of a volume on an etcd server; each test has a volume of its own. */
class EtcdVolumeTest extends VolumeSuite {
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
  @Override
  protected void emptied() {
    volumes++;
  }

  @Override
  protected Engine open() {
    return Engines.open(server.url("volume" + volumes), Map.of());
  }

  @Override
  protected long[] modelSeeds() {
    return new long[] {2, 3};
  }

  @Override
  protected int raceThreads() {
    return 4;
  }

  @Override
  protected int raceRounds() {
    return 40;
  }
}
