package io.jfs.meta.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.PosixLock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PosixRangesTest {
  private static PosixLock write(long start, long end) {
    return new PosixLock(true, 7, start, end);
  }

  private static PosixLock read(long start, long end) {
    return new PosixLock(false, 7, start, end);
  }

  @Test
  void neighboursOfOneKindAreJoined() {
    List<PosixLock> held = PosixRanges.with(List.of(write(0, 9)), write(10, 19));
    assertThat(held).containsExactly(write(0, 19));
    assertThat(PosixRanges.with(held, read(20, 29))).containsExactly(write(0, 19), read(20, 29));
    assertThat(PosixRanges.with(held, new PosixLock(true, 8, 20, 29))).hasSize(2);
  }

  @Test
  void unlockingInTheMiddleSplits() {
    assertThat(PosixRanges.without(List.of(write(0, Long.MAX_VALUE)), 10, 19))
        .containsExactly(write(0, 9), write(20, Long.MAX_VALUE));
  }

  @Test
  void lockToTheEndJoinsNothingBehindIt() {
    List<PosixLock> held = PosixRanges.with(List.of(read(5, Long.MAX_VALUE)), write(0, 4));
    assertThat(held).containsExactly(write(0, 4), read(5, Long.MAX_VALUE));
  }

  @Test
  void onlyOverlappingLocksOfWhichOneWritesConflict() {
    assertThat(PosixRanges.conflict(List.of(read(0, 9)), read(5, 15))).isNull();
    assertThat(PosixRanges.conflict(List.of(read(0, 9)), write(9, 15))).isEqualTo(read(0, 9));
    assertThat(PosixRanges.conflict(List.of(write(0, 9)), write(10, 15))).isNull();
  }

  @Property(tries = 500)
  void agreesWithALockPerByte(@ForAll long seed) {
    Random random = new Random(seed);
    int span = 40;
    int[] bytes = new int[span];
    List<PosixLock> held = List.of();
    for (int step = 0; step < 20; step++) {
      int start = random.nextInt(span);
      int end = start + random.nextInt(span - start);
      int kind = random.nextInt(3);
      held =
          kind == 2
              ? PosixRanges.without(held, start, end)
              : PosixRanges.with(held, new PosixLock(kind == 1, 7, start, end));
      Arrays.fill(bytes, start, end + 1, kind == 2 ? 0 : kind + 1);
      int[] shown = new int[span];
      long last = -2;
      for (PosixLock lock : held) {
        assertThat(lock.start()).isGreaterThan(last);
        Arrays.fill(shown, (int) lock.start(), (int) lock.end() + 1, lock.exclusive() ? 2 : 1);
        last = lock.end();
      }
      assertThat(shown).isEqualTo(bytes);
    }
  }
}
