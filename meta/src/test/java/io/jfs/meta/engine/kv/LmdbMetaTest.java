package io.jfs.meta.engine.kv;

import io.jfs.meta.MetaContract;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Names and attributes on LMDB. */
class LmdbMetaTest extends MetaContract {
  @TempDir Path directory;

  @Override
  protected Engine open() {
    return Engines.open("lmdb://" + directory.resolve("meta") + "?durability=none", Map.of());
  }
}
