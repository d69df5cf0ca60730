package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.Clone;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloneRoomTest {
  private static final Caller ROOT = Caller.ROOT;
  private static final int MIB = 1 << 20;
  private static final Clone.Style STYLE = new Clone.Style(Clone.Ownership.PRESERVED, 0);

  /** It takes several transactions, of which the first ones still have room. */
  @Test
  void aCloneThatIsRefusedOnTheWayIsNotMadeAtAll() throws Exception {
    try (TestVolume volume =
        TestVolume.with(
            TestVolume.inMemory(),
            format -> format.set("TrashDays", 0L).set("Capacity", 160L * MIB))) {
      TestVolume.Client client = volume.mount();
      VolumeMeta meta = client.meta();
      Ino file = meta.create(ROOT, Ino.ROOT, Name.of("file"), NewInode.file(0644, 0)).ino();
      int perChunk = Slice.CHUNK_BYTES / MIB;
      for (int i = 0; i < 100; i++) {
        Slice slice = new Slice(i % perChunk * MIB, meta.newSliceId(), MIB, 0, MIB);
        meta.writeSlices(file, List.of(new Meta.ChunkSlice(i / perChunk, slice)), Timestamp.EPOCH);
      }
      client.beat();
      assertThatThrownBy(
              () -> meta.clone(ROOT, file, Ino.ROOT, Name.of("clone"), STYLE, TreeWork.QUIET))
          .isInstanceOfSatisfying(
              FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
      assertThat(meta.lookup(ROOT, Ino.ROOT, Name.of("clone"))).isNull();
      client.beat();
      assertThat(volume.reaped).isEmpty();
    }
  }
}
