package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.ContentContract;
import io.jfs.meta.ContentModel;
import io.jfs.meta.ContentRaces;
import io.jfs.meta.SliceReferenceContract;
import io.jfs.meta.VolumeContract;
import io.jfs.meta.txn.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of a volume on a TiKV cluster; each test has a volume of its own. */
class TikvVolumeTest {
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

  @Nested
  class Life extends VolumeContract {
    @Override
    protected Engine open() {
      return cluster.open();
    }
  }

  @Nested
  class Content extends ContentContract {
    @Override
    protected Engine open() {
      return cluster.open();
    }
  }

  @Nested
  class References extends SliceReferenceContract {
    @Override
    protected Engine open() {
      return cluster.open();
    }
  }

  @Test
  void slicesShowTheBytesThatWereWritten() throws Exception {
    ContentModel.run(cluster::open, 3, 0);
  }

  @Test
  @Timeout(240)
  void manyThreadsLoseNoSlice() throws Exception {
    ContentRaces.run(cluster::open, 4, 40);
  }
}
