package io.jfs.vfs.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Ino;
import io.jfs.vfs.handle.HandleLedger.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandleLedgerTest {
  @TempDir Path folder;

  @Test
  void knowsWhatAnotherProcessHadOpen() throws Exception {
    Path file = folder.resolve("handles");
    HandleLedger dead = HandleLedger.open(file); // and never closed, as by kill -9
    int gone = dead.add(2, new Ino(10), 2, 5);
    int kept = dead.add((3L << 40) + 7, new Ino(11), 1, 6);
    dead.remove(gone);
    dead.owe(kept, true);
    try (HandleLedger next = HandleLedger.open(file)) {
      assertThat(next.kept())
          .containsExactly(new Kept(kept, (3L << 40) + 7, new Ino(11), 1, true, 6));
      next.owe(kept, false);
      assertThat(next.add(9, new Ino(12), 0, 7)).isNotEqualTo(kept);
    }
    try (HandleLedger last = HandleLedger.open(file)) {
      assertThat(last.kept()).extracting(Kept::owes).containsOnly(false);
      assertThat(last.kept()).hasSize(2);
    }
    dead.close();
  }

  @Test
  void grows() throws Exception {
    Path file = folder.resolve("handles");
    try (HandleLedger ledger = HandleLedger.open(file)) {
      for (int i = 1; i <= 10_000; i++) {
        int unused = ledger.add(i, new Ino(i), 0, i);
      }
    }
    try (HandleLedger next = HandleLedger.open(file)) {
      assertThat(next.kept()).hasSize(10_000);
    }
  }

  @Test
  void refusesAnotherFile() throws Exception {
    Path file = folder.resolve("other");
    Files.writeString(file, "something else, and long enough");
    assertThatThrownBy(() -> HandleLedger.open(file)).isInstanceOf(IOException.class);
  }
}
