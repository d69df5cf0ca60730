package io.jfs.meta.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineDump;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BinaryDumpTest {
  @Test
  void holdsEveryRecord() throws Exception {
    try (Engine engine = KvEngine.inMemory();
        Engine copy = KvEngine.inMemory()) {
      DumpFixture.load(engine, DumpFixture.ofTheReference());
      byte[] dump = DumpFixture.binary(engine);
      DumpFixture.loadBinary(copy, dump);
      assertThat(EngineDump.of(copy, 50)).isEqualTo(EngineDump.of(engine, 50));
      assertThat(DumpFixture.dump(copy)).isEqualTo(DumpFixture.ofTheReference());
      BinarySummary summary = BinarySummary.read(new ByteArrayInputStream(dump));
      assertThat(summary.version()).isEqualTo(1);
      assertThat(summary.rows())
          .containsEntry("format", 1L)
          .containsEntry("counter", 6L)
          .containsEntry("sliceRef", 1L)
          .containsEntry("delFile", 1L)
          .hasSize(14);
    }
  }

  /** And the database stays empty. */
  @Test
  void whatIsNoDumpIsRefused() throws Exception {
    byte[] dump;
    try (Engine engine = KvEngine.inMemory()) {
      DumpFixture.load(engine, DumpFixture.ofTheReference());
      dump = DumpFixture.binary(engine);
    }
    assertRefused(new byte[0], "ends early");
    assertRefused(
        "{ \"Setting\": {} }".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "not a binary dump");
    for (int cut = 1; cut < dump.length - 600; cut += 97) {
      assertRefused(Arrays.copyOf(dump, cut), "not a binary dump");
    }
  }

  private static void assertRefused(byte[] dump, String reason) {
    try (Engine engine = KvEngine.inMemory()) {
      assertThatThrownBy(() -> DumpFixture.loadBinary(engine, dump))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(reason);
      assertThat(engine.isEmpty()).isTrue();
    }
  }
}
