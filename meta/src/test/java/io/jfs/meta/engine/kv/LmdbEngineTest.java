package io.jfs.meta.engine.kv;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class LmdbEngineTest extends EngineContract {
  @TempDir Path directory;

  @Override
  protected Engine open() {
    return Engines.open("lmdb://" + directory.resolve("meta") + "?durability=none", Map.of());
  }
}
