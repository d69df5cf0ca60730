package io.jfs.meta.engine.kv;

import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineContract;

class MemoryEngineTest extends EngineContract {
  private final MemoryKv kv = new MemoryKv("memkv://contract");

  @Override
  protected Engine open() {
    return new KvEngine(kv);
  }
}
