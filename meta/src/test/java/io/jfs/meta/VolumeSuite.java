package io.jfs.meta;

import io.jfs.meta.txn.Engine;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All that clients of a volume owe to everybody above, on every engine: each engine's test extends
 * it and says how many rounds are worth its time.
 */
public abstract class VolumeSuite {
  /**
   * A client of the volume under test, which is empty at the first call of each test; further calls
   * are further clients of the same volume. Whoever gets it closes it.
   */
  protected abstract Engine open();

  /** Seeds of the random operations that are compared with a model. */
  protected abstract long[] modelSeeds();

  /** Threads that race for the same chunks. */
  protected int raceThreads() {
    return 8;
  }

  /** Operations of each of them. */
  protected int raceRounds() {
    return 150;
  }

  /** Opening, holding, dying, following the settings. */
  @Nested
  class Life extends VolumeContract {
    @Override
    protected Engine open() {
      return VolumeSuite.this.open();
    }
  }

  /** What becomes of bytes. */
  @Nested
  class Content extends ContentContract {
    @Override
    protected Engine open() {
      return VolumeSuite.this.open();
    }
  }

  /** What becomes of slices. */
  @Nested
  class References extends SliceReferenceContract {
    @Override
    protected Engine open() {
      return VolumeSuite.this.open();
    }
  }

  @Test
  void slicesShowTheBytesThatWereWritten() throws Exception {
    for (long seed : modelSeeds()) {
      emptied();
      ContentModel.run(this::open, seed, (int) (seed & 1));
    }
  }

  /** Makes the volume empty, or another one, between two runs of one test. */
  protected abstract void emptied();

  @Test
  @Timeout(240)
  void manyThreadsLoseNoSlice() throws Exception {
    ContentRaces.run(this::open, raceThreads(), raceRounds());
  }
}
