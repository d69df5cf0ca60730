package io.jfs.meta.admin;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.etcd.EtcdServer;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.txn.Engine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Repairs in every engine. */
class RepairsTest {
  @Nested
  class OnTheHeap extends RepairsContract {
    @Override
    protected Engine open() {
      return KvEngine.inMemory();
    }
  }

  @Nested
  class InLmdb extends RepairsContract {
    @TempDir Path folder;

    @Override
    protected Engine open() {
      return Engines.open("lmdb://" + folder.resolve("meta"), Map.of());
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class InRedis extends RepairsContract {
    private RedisServer server;

    @BeforeAll
    void start() {
      server = RedisServer.start();
    }

    @AfterAll
    void stop() {
      server.close();
    }

    @Override
    protected Engine open() {
      server.ask("FLUSHALL");
      return Engines.open(server.url(1), Map.of());
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class InEtcd extends RepairsContract {
    private EtcdServer server;
    private int volumes;

    @BeforeAll
    void start() {
      server = EtcdServer.start();
    }

    @AfterAll
    void stop() {
      server.close();
    }

    @Override
    protected Engine open() {
      volumes++;
      return Engines.open(server.url("repairs" + volumes), Map.of());
    }
  }
}
