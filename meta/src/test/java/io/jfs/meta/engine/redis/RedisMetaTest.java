package io.jfs.meta.engine.redis;

import io.jfs.meta.MetaContract;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Names and attributes on a real Redis, with remembered reads. */
class RedisMetaTest extends MetaContract {
  private static RedisServer server;
  private boolean emptied;

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

  @Override
  protected Engine open() {
    if (!emptied) {
      server.ask("FLUSHALL");
      emptied = true;
    }
    return Engines.open(server.url(4), Map.of());
  }
}
