package io.jfs.vfs.compact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompactionPolicyTest {
  @Test
  void afterWritesItIsTheReferences() {
    assertThat(CompactionPolicy.isDueAfterWrite(98)).isFalse();
    assertThat(CompactionPolicy.isDueAfterWrite(99)).isTrue();
    assertThat(CompactionPolicy.isDueAfterWrite(100)).isFalse();
    assertThat(CompactionPolicy.isDueAfterWrite(199)).isTrue();
    assertThat(CompactionPolicy.isDueAfterWrite(350)).isFalse();
    assertThat(CompactionPolicy.isDueAfterWrite(351)).isTrue();
  }

  @Test
  void afterReadsItDependsOnWhatWouldBeRewritten() {
    assertThat(CompactionPolicy.isDueAfterRead(4, 10)).isFalse();
    assertThat(CompactionPolicy.isDueAfterRead(5, 10)).isTrue();
    assertThat(CompactionPolicy.isDueAfterRead(5, 64 << 20)).isFalse();
    assertThat(CompactionPolicy.isDueAfterRead(64, 64 << 20)).isTrue();
  }
}
