package io.jfs.vfs.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Name;
import org.junit.jupiter.api.Test;

class NamesSeenTest {
  @Test
  void remembersThePageOnWhichANameCameFirst() {
    NamesSeen seen = new NamesSeen();
    for (int i = 0; i < 50_000; i++) {
      assertThat(seen.firstPage(Name.of("name-" + i), i / 1000)).isEqualTo(i / 1000);
    }
    for (int i = 0; i < 50_000; i++) {
      assertThat(seen.firstPage(Name.of("name-" + i), 999)).isEqualTo(i / 1000);
    }
  }
}
