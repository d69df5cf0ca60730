package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.VolumeSuite;
import io.jfs.meta.txn.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Clients of a volume on a TiKV cluster; each test has a volume of its own. */
class TikvVolumeTest extends VolumeSuite {
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
  @Override
  protected void emptied() {
    cluster.nextVolume();
  }

  @Override
  protected Engine open() {
    return cluster.open();
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
