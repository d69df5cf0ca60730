package io.jfs.meta.engine.kv;

import io.jfs.meta.ContentContract;
import io.jfs.meta.ContentModel;
import io.jfs.meta.ContentRaces;
import io.jfs.meta.SliceReferenceContract;
import io.jfs.meta.VolumeContract;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a volume in an embedded engine. */
class LmdbVolumeTest {
  private static Engine engine(Path folder) {
    return Engines.open("lmdb://" + folder.resolve("meta"), Map.of());
  }

  @Nested
  class Life extends VolumeContract {
    @TempDir Path folder;

    @Override
    protected Engine open() {
      return engine(folder);
    }
  }

  @Nested
  class Content extends ContentContract {
    @TempDir Path folder;

    @Override
    protected Engine open() {
      return engine(folder);
    }
  }

  @Nested
  class References extends SliceReferenceContract {
    @TempDir Path folder;

    @Override
    protected Engine open() {
      return engine(folder);
    }
  }

  @Test
  void slicesShowTheBytesThatWereWritten(@TempDir Path folder) throws Exception {
    ContentModel.run(() -> engine(folder), 5, 0);
  }

  @Test
  @Timeout(120)
  void manyThreadsLoseNoSlice(@TempDir Path folder) throws Exception {
    ContentRaces.run(() -> engine(folder), 8, 150);
  }
}
