package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.ForwardingEngine;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Where a power loss may undo the last commits, nothing outside the metadata may rest on a commit
 * that is not durable.
 */
class DurableBeforeReuseTest {
  /** Counts the commits that a power loss would undo. */
  private static final class Recording extends ForwardingEngine {
    private int undurable;
    private int undurableWhenReaped = -1;
    private TestVolume volume;

    Recording(Engine engine) {
      super(engine);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
      if (undurableWhenReaped < 0 && volume != null && !volume.reaped.isEmpty()) {
        undurableWhenReaped = undurable; // the first commit after it
      }
      if (!commit.mutations().isEmpty()) {
        undurable++;
      }
      return super.commit(commit);
    }

    @Override
    public long allocate(Sequence sequence, int count) {
      undurable++;
      return super.allocate(sequence, count);
    }

    @Override
    public void sync() {
      undurable = 0;
      super.sync();
    }
  }

  @Test
  void objectsGoAfterTheirDeletionIsDurableAndNamesAreNotGivenTwice() throws Exception {
    Supplier<Engine> engines = TestVolume.inMemory();
    try (TestVolume volume = TestVolume.withoutTrash(engines)) {
      Recording engine = new Recording(engines.get());
      TestVolume.Client client = volume.mount(engine);
      VolumeMeta meta = client.meta();
      Ino file = meta.create(Caller.ROOT, Ino.ROOT, Name.of("f"), NewInode.file(0644, 022)).ino();
      assertThat(engine.undurable).isPositive();
      long id = meta.newSliceId();
      assertThat(engine.undurable).as("the batch of ids is durable").isZero();
      meta.writeSlices(
          file, List.of(new ChunkSlice(0, new Slice(0, id, 9, 0, 9))), Timestamp.EPOCH);
      engine.volume = volume;
      meta.unlink(Caller.ROOT, Ino.ROOT, Name.of("f"));
      client.jobs().settle();
      assertThat(volume.reaped).hasSize(1);
      assertThat(engine.undurableWhenReaped).as("commits at risk when objects went").isZero();
    }
  }
}
