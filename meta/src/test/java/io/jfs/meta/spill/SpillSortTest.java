package io.jfs.meta.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpillSortTest {
  /** Nothing in files; a few runs; so many runs that they are merged on the way. */
  @ParameterizedTest
  @ValueSource(longs = {1 << 20, 20_000, 2_000})
  void givesBackEveryRowInOrder(long budgetBytes) {
    Random random = new Random(budgetBytes);
    List<byte[]> expected = new ArrayList<>();
    try (SpillSort sort = new SpillSort(budgetBytes)) {
      for (int i = 0; i < 5000; i++) {
        byte[] row = new byte[random.nextInt(6)];
        random.nextBytes(row);
        expected.add(row);
        sort.add(row.clone());
      }
      expected.sort(Arrays::compareUnsigned);
      try (SortedRows rows = sort.sorted()) {
        for (byte[] row : expected) {
          assertThat(rows.next()).isEqualTo(row);
        }
        assertThat(rows.next()).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1 << 20, 0})
  void mayBeEmpty(long budgetBytes) {
    try (SpillSort sort = new SpillSort(budgetBytes);
        SortedRows rows = sort.sorted()) {
      assertThat(rows.next()).isNull();
    }
  }
}
