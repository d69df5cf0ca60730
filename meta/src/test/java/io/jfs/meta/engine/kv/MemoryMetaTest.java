package io.jfs.meta.engine.kv;

import io.jfs.meta.MetaContract;
import io.jfs.meta.txn.Engine;

class MemoryMetaTest extends MetaContract {
  private final MemoryKv kv = new MemoryKv("memkv://meta");

  @Override
  protected Engine open() {
    return new KvEngine(kv);
  }
}
