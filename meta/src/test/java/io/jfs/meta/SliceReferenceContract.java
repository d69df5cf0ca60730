package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.CompactChunk;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.meta.txn.Engine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Something comes between reading and committing, or an answer is lost: no slice may be lost. */
public abstract class SliceReferenceContract {
  private static final Caller ROOT = Caller.ROOT;

  private TestVolume volume;
  private TestVolume.Client one;
  private TestVolume.Client two;
  private FaultyEngine line;
  private Ino source;
  private Ino target;

  /**
   * A client of the volume under test, which is empty at the first call of each test; further calls
   * are further clients of the same volume. Whoever gets it closes it.
   */
  protected abstract Engine open();

  @BeforeEach
  void mount() throws Exception {
    volume = TestVolume.withoutTrash(this::open);
    line = new FaultyEngine(volume.engine(), 1, 0);
    one = volume.mount(line);
    two = volume.mount();
    source = file("source");
    target = file("target");
    write(two, source, 0);
    write(two, source, 50);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private Ino file(String name) throws FsException {
    return two.meta().create(ROOT, Ino.ROOT, Name.of(name), NewInode.file(0644, 022)).ino();
  }

  private Slice write(TestVolume.Client client, Ino ino, int pos) throws FsException {
    Slice slice = new Slice(pos, client.meta().newSliceId(), 100, 0, 100);
    client.meta().writeSlices(ino, List.of(new ChunkSlice(0, slice)), Timestamp.EPOCH);
    return slice;
  }

  private CompactionPlan plan(Ino ino) {
    try {
      return two.meta().planCompaction(ino, 0);
    } catch (FsException e) {
      throw new AssertionError(e);
    }
  }

  private CompactChunk.Result compact(TestVolume.Client client, CompactionPlan plan) {
    try {
      CompactChunk.Result result = client.meta().commitCompaction(plan, client.meta().newSliceId());
      client.jobs().settle();
      return result;
    } catch (FsException e) {
      throw new AssertionError(e);
    }
  }

  private void assertNothingNeededIsGone() {
    assertThat(volume.references()).filteredOn(volume.reaped::contains).isEmpty();
  }

  @Test
  void deletionFindsChunksBehindTheEndOfATruncatedFile() throws Exception {
    Ino file = file("long");
    List<Slice> slices = new ArrayList<>();
    for (int index : new int[] {0, 3, 66, 100}) {
      Slice slice = new Slice(0, two.meta().newSliceId(), 100, 0, 100);
      two.meta().writeSlices(file, List.of(new ChunkSlice(index, slice)), Timestamp.EPOCH);
      slices.add(slice);
    }
    two.meta().truncate(ROOT, file, 10, true);
    two.meta().unlink(ROOT, Ino.ROOT, Name.of("long"));
    two.jobs().settle();
    for (Slice slice : slices) {
      assertThat(volume.reaped).contains(new SliceId(slice.id(), slice.size()));
    }
  }

  @Test
  void copyNeverSharesWhatACompactionFreesMeanwhile() throws Exception {
    line.beforeNextCommit(
        () -> assertThat(compact(two, plan(source))).isEqualTo(CompactChunk.Result.COMMITTED));
    one.meta().copyRange(ROOT, source, 0, target, 0, 150);
    assertThat(volume.reaped).hasSize(2);
    assertThat(one.meta().readChunk(target, 0)).hasSize(1);
    assertNothingNeededIsGone();
  }

  @Test
  void compactionOfTheSourceLeavesWhatACopyTookMeanwhile() throws Exception {
    CompactionPlan plan = plan(source);
    line.beforeNextCommit(
        () -> {
          try {
            two.meta().copyRange(ROOT, source, 0, target, 0, 150);
          } catch (FsException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(compact(one, plan)).isEqualTo(CompactChunk.Result.COMMITTED);
    assertThat(volume.reaped).isEmpty();
    assertNothingNeededIsGone();
  }

  @Test
  void deletionLeavesWhatACopyTookMeanwhile() throws Exception {
    two.meta().copyRange(ROOT, source, 0, target, 0, 120);
    two.meta().unlink(ROOT, Ino.ROOT, Name.of("source"));
    two.jobs().settle();
    assertThat(volume.reaped).isEmpty();
    two.meta().unlink(ROOT, Ino.ROOT, Name.of("target"));
    two.jobs().settle();
    assertThat(volume.reaped).hasSize(2);
  }

  @Test
  void outdatedCompactionIsWastedAndItsSliceGoes() throws Exception {
    CompactionPlan plan = plan(source);
    assertThat(compact(two, plan)).isEqualTo(CompactChunk.Result.COMMITTED);
    assertThat(compact(two, plan)).isEqualTo(CompactChunk.Result.WASTED);
    assertThat(volume.reaped).hasSize(3);
    assertNothingNeededIsGone();
  }

  @Test
  void lostAnswersAreRecognised() throws Exception {
    line.loseAnswers(1);
    Slice written = write(one, source, 100);
    assertThat(one.meta().readChunk(source, 0)).hasSize(3).endsWith(written);

    line.loseAnswers(1);
    assertThat(compact(one, plan(source))).isEqualTo(CompactChunk.Result.COMMITTED);
    assertThat(one.meta().readChunk(source, 0)).hasSize(1);

    line.loseAnswers(1);
    one.meta().copyRange(ROOT, source, 0, target, 0, 200);
    one.meta().unlink(ROOT, Ino.ROOT, Name.of("source"));
    line.loseAnswers(1);
    one.jobs().settle();
    assertNothingNeededIsGone();
    assertThat(volume.references()).hasSize(1);
  }

  @Test
  void appendThatWasCompactedBeforeItsRetryIsNotRepeated() throws Exception {
    line.loseAnswers(1);
    line.afterNextLoss(() -> compact(two, plan(source)));
    Slice written = write(one, source, 100);
    assertThat(volume.reaped).contains(new SliceId(written.id(), 100));
    assertThat(one.meta().readChunk(source, 0)).hasSize(1);
    assertNothingNeededIsGone();
  }

  @Test
  void copyAndDeletionSeeWhatOthersHaveWrittenMeanwhile() throws Exception {
    one.meta().copyRange(ROOT, source, 0, target, 0, 10);
    Slice later = write(two, source, 120);
    one.meta().open(ROOT, source, new Meta.OpenMode(false, true, false, false, false));
    one.meta().copyRange(ROOT, source, 120, target, 120, 100);
    assertThat(one.meta().readChunk(target, 0)).endsWith(new Slice(120, later.id(), 100, 0, 100));
    one.meta().close(source);
    one.meta().unlink(ROOT, Ino.ROOT, Name.of("source"));
    one.meta().unlink(ROOT, Ino.ROOT, Name.of("target"));
    one.jobs().settle();
    assertThat(volume.reaped).hasSize(3);
  }
}
