package io.jfs.meta;

import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.txn.Engine;

class MemoryMetaTest extends MetaContract {
  private final MemoryKv kv = new MemoryKv("memkv://meta");

  @Override
  protected Engine open() {
    return new KvEngine(kv);
  }
}
