package io.jfs.meta.engine.kv.etcd;

import io.jfs.meta.MetaContract;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.txn.Engine;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Names and attributes on a real etcd, with remembered reads; each test has its own volume. */
class EtcdMetaTest extends MetaContract {
  private static EtcdServer server;
  private static int volumes;
  private final int volume = volumes++;

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

  /** Without what writes the volume's totals a little later: the contract counts at once. */
  @Override
  protected Engine open() {
    return new KvEngine(EtcdKv.open(MetaUrl.parse(server.url("meta" + volume)), Map.of()));
  }
}
