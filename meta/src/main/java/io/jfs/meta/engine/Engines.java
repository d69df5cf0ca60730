package io.jfs.meta.engine;

import io.jfs.meta.engine.kv.DeferredTotals;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.engine.kv.etcd.EtcdKv;
import io.jfs.meta.engine.kv.lmdb.LmdbKv;
import io.jfs.meta.engine.kv.tikv.TikvKv;
import io.jfs.meta.engine.redis.RedisEngine;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The engines that there are, by the scheme of their address. */
public final class Engines {
  private static final Map<String, MemoryKv> MEMORY = new ConcurrentHashMap<>();

  private Engines() {}

  /**
   * Connects to the metadata at an address.
   *
   * @param environment for secrets that are not in the address (META_PASSWORD)
   * @throws EngineException FATAL with one line that says what is wrong with the address or the
   *     place; TRANSIENT if a server does not answer
   */
  public static Engine open(String address, Map<String, String> environment) {
    MetaUrl url = MetaUrl.parse(address);
    return switch (url.scheme()) {
      case "memkv" -> new KvEngine(MEMORY.computeIfAbsent(url.place(), Engines::memory));
      case "redis", "rediss", "unix" -> RedisEngine.open(url, environment);
      case "etcd" -> new DeferredTotals(new KvEngine(EtcdKv.open(url, environment)));
      case "tikv" -> new DeferredTotals(new KvEngine(TikvKv.open(url)));
      case "lmdb" -> new KvEngine(LmdbKv.open(url));
      default ->
          throw new EngineException(
              EngineException.Kind.FATAL, "Invalid meta driver: " + url.scheme(), null);
    };
  }

  private static MemoryKv memory(String name) {
    return new MemoryKv("memkv://" + name);
  }
}
