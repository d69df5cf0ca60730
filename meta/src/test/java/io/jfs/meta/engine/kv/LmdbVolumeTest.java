package io.jfs.meta.engine.kv;

import io.jfs.meta.VolumeSuite;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a volume in an embedded engine. */
class LmdbVolumeTest extends VolumeSuite {
  @TempDir Path folder;
  private int volumes;

  @Override
  protected Engine open() {
    return Engines.open("lmdb://" + folder.resolve("meta" + volumes), Map.of());
  }

  @Override
  protected void emptied() {
    volumes++;
  }

  @Override
  protected long[] modelSeeds() {
    return new long[] {4, 5};
  }
}
