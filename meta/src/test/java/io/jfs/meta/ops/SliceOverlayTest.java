package io.jfs.meta.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SliceOverlayTest {
  private static final int SPAN = 64;

  @Test
  void showsTheSpecsExample() {
    List<Slice> records =
        List.of(new Slice(0, 8, 100, 0, 100), Slice.hole(50, 50), Slice.hole(50, 150));
    assertThat(SliceOverlay.pieces(records))
        .containsExactly(new Slice(0, 8, 100, 0, 50), Slice.hole(50, 150));
  }

  @Test
  void gapsAreHolesAsLongAsTheyAre() {
    assertThat(SliceOverlay.pieces(List.of(new Slice(10, 8, 20, 5, 3))))
        .containsExactly(new Slice(0, 0, 10, 0, 10), new Slice(10, 8, 20, 5, 3));
    assertThat(SliceOverlay.pieces(List.of(), 5, 9)).containsExactly(new Slice(5, 0, 4, 0, 4));
    assertThat(SliceOverlay.pieces(List.of())).isEmpty();
  }

  @Test
  void laterRecordsSplitEarlierOnes() {
    assertThat(
            SliceOverlay.pieces(
                List.of(new Slice(0, 1, 30, 0, 30), new Slice(10, 2, 5, 0, 5)), 5, 20))
        .containsExactly(
            new Slice(5, 1, 30, 5, 5), new Slice(10, 2, 5, 0, 5), new Slice(15, 1, 30, 15, 5));
  }

  @Property(tries = 500)
  void agreesWithBytes(@ForAll long seed) {
    Random random = new Random(seed);
    List<Slice> records = new ArrayList<>();
    long[] shown = new long[SPAN];
    for (int n = random.nextInt(12); n > 0; n--) {
      int pos = random.nextInt(SPAN);
      int len = random.nextInt(SPAN - pos + 1);
      int off = random.nextInt(5);
      Slice record =
          random.nextInt(4) == 0
              ? Slice.hole(pos, len)
              : new Slice(pos, 1 + records.size(), off + len, off, len);
      records.add(record);
      for (int i = 0; i < len; i++) {
        shown[pos + i] = record.isHole() ? 0 : record.id() * 1000 + off + i;
      }
    }
    int from = random.nextInt(SPAN);
    int to = from + random.nextInt(SPAN - from + 1);
    int at = from;
    for (Slice piece : SliceOverlay.pieces(records, from, to)) {
      assertThat(piece.pos()).isEqualTo(at);
      assertThat(piece.len()).isPositive();
      for (int i = 0; i < piece.len(); i++) {
        long value = piece.isHole() ? 0 : piece.id() * 1000 + piece.off() + i;
        assertThat(value).isEqualTo(shown[at + i]);
      }
      at = piece.end();
    }
    assertThat(at).isEqualTo(to);
  }

  // ---- compaction plans ----

  private static final ChunkKey CHUNK = new ChunkKey(new Ino(2), 0);

  @Test
  void compactionJoinsTheReferencesTwelveWrites() {
    List<Slice> records = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      records.add(new Slice(i * 2000, 7 + i, 3000, 0, 3000));
    }
    CompactionPlan plan = CompactionPlan.of(CHUNK, records, 1000);
    assertThat(plan).isNotNull();
    assertThat(plan.compacted(19)).isEqualTo(new Slice(0, 19, 25000, 0, 25000));
    assertThat(plan.skipped()).isZero();
  }

  @Test
  void largeFirstSliceIsKept() {
    Slice large = new Slice(0, 1, 4 << 20, 0, 4 << 20);
    List<Slice> records =
        List.of(large, new Slice(4 << 20, 2, 10, 0, 10), new Slice((4 << 20) + 10, 3, 10, 0, 10));
    CompactionPlan plan = CompactionPlan.of(CHUNK, records, 1000);
    assertThat(plan).isNotNull();
    assertThat(plan.skipped()).isEqualTo(1);
    assertThat(plan.pos()).isEqualTo(4 << 20);
    assertThat(plan.size()).isEqualTo(20);
    assertThat(CompactionPlan.of(CHUNK, List.of(large), 1000)).isNull();
    assertThat(CompactionPlan.of(CHUNK, records.subList(0, 2), 1000)).isNull();
  }

  @Test
  void hiddenOrRepeatedFirstSliceIsNotKept() {
    Slice large = new Slice(0, 1, 4 << 20, 0, 4 << 20);
    assertThat(CompactionPlan.of(CHUNK, List.of(large, Slice.hole(5, 5)), 1000).skipped()).isZero();
    assertThat(CompactionPlan.of(CHUNK, List.of(large, Slice.hole(5, 5), large), 1000).skipped())
        .isZero();
  }

  @Test
  void holesAtBothEndsAreLeftOut() {
    CompactionPlan plan =
        CompactionPlan.of(
            CHUNK,
            List.of(Slice.hole(0, 10), new Slice(10, 1, 5, 0, 5), Slice.hole(15, 100)),
            1000);
    assertThat(plan.compacted(9)).isEqualTo(new Slice(10, 9, 5, 0, 5));
    CompactionPlan empty =
        CompactionPlan.of(CHUNK, List.of(new Slice(0, 1, 9, 0, 9), Slice.hole(0, 9)), 1000);
    assertThat(empty.compacted(9)).isEqualTo(new Slice(0, 9, 1, 0, 1));
  }
}
