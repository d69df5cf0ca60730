package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.MetaContract;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.txn.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Names and attributes on a cluster in which every tenth request meets some trouble. */
class TikvRoughMetaTest extends MetaContract {
  private static final double RATE = 0.1;
  private static FakeCluster cluster;
  private static int volumes;

  private final String volume = "rough" + volumes++;

  @BeforeAll
  static void start() {
    cluster = new FakeCluster();
    cluster.trouble(new RandomTroubles(cluster.regions(), 11, RATE));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Override
  protected int raceRounds() {
    return 20;
  }

  @Override
  protected Engine open() {
    return new KvEngine(TikvKv.open(MetaUrl.parse(cluster.url(volume))));
  }
}
