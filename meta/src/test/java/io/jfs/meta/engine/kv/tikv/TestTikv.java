package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.txn.Engine;
import java.util.Map;
import java.util.Objects;

/**
 * The cluster that contracts are run against: the one whose placement drivers the environment
 * variable JFS_TEST_TIKV names ({@code host:port,...}), or the fake.
 */
public final class TestTikv implements AutoCloseable {
  private static final String REAL = System.getenv("JFS_TEST_TIKV");

  private final FakeCluster fake = REAL == null ? new FakeCluster() : null;
  private final String run = "jfs-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
  private int volumes;
  private String volume;

  /** Goes on with a volume of its own, cut into several regions where that can be told. */
  public void nextVolume() {
    volume = run + "-" + volumes++;
    if (fake != null) {
      fake.cut(volume);
    }
  }

  /** The address of that volume. */
  public String url() {
    return fake == null ? "tikv://" + REAL + "/" + volume : fake.url(volume);
  }

  Engine open() {
    return Engines.open(url(), Map.of());
  }

  /** A client that keeps no totals back: for tests that count after each operation. */
  Engine openExact() {
    return new KvEngine(TikvKv.open(MetaUrl.parse(url())));
  }

  /** The fake cluster, for what only it can do. */
  FakeCluster fake() {
    return Objects.requireNonNull(fake, "a real cluster");
  }

  boolean isReal() {
    return fake == null;
  }

  @Override
  public void close() {
    if (fake != null) {
      fake.close();
    }
  }
}
