package io.jfs.meta;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.txn.Engine;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Names and attributes on a real Redis. */
class RedisMetaTest extends MetaContract {
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

  @Override
  @BeforeEach
  void format() throws Exception {
    server.ask("FLUSHALL");
    super.format();
  }

  @Override
  protected Engine open() {
    return Engines.open(server.url(0), Map.of());
  }
}
