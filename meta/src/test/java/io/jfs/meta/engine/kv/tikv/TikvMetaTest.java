package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.MetaContract;
import io.jfs.meta.txn.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Names and attributes on TiKV, with remembered reads. */
class TikvMetaTest extends MetaContract {
  private static TestTikv cluster;
  private boolean started;

  @BeforeAll
  static void start() {
    cluster = new TestTikv();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Override
  protected Engine open() {
    if (!started) {
      cluster.nextVolume();
      started = true;
    }
    return cluster.openExact();
  }
}
