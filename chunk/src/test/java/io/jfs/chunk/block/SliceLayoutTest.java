package io.jfs.chunk.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.block.BlockKey;
import org.junit.jupiter.api.Test;

class SliceLayoutTest {
  @Test
  void onlyTheLastBlockIsShort() {
    SliceLayout layout = new SliceLayout(3, 5 << 20, 4 << 20);
    assertThat(layout.blocks())
        .containsExactly(new BlockKey(3, 0, 4 << 20), new BlockKey(3, 1, 1 << 20));
    assertThat(layout.blockAt((4 << 20) - 1).index()).isZero();
    assertThat(layout.blockAt(4 << 20).index()).isEqualTo(1);
  }

  @Test
  void aSliceThatEndsWithABlockHasNoEmptyOne() {
    assertThat(new SliceLayout(1, 64 << 20, 4 << 20).blockCount()).isEqualTo(16);
    assertThat(new SliceLayout(1, 0, 4 << 20).blocks()).isEmpty();
  }
}
