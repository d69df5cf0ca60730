package io.jfs.meta.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.txn.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Dumps and loads in tests, and a dump that the reference client has written. */
final class DumpFixture {
  private DumpFixture() {}

  /**
   * What {@code juicefs dump} wrote of a volume with everything in it: hard links, holes, shared
   * slices, all types but sockets, extended attributes, ACLs, quotas, deleted files, a trash, and
   * names that need escapes.
   */
  static String ofTheReference() throws IOException {
    try (InputStream in = DumpFixture.class.getResourceAsStream("volume.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String dump(Engine engine) throws FormatException, IOException {
    return dump(engine, DumpOptions.DEFAULT);
  }

  static String dump(Engine engine, DumpOptions options) throws FormatException, IOException {
    StringWriter out = new StringWriter();
    new JsonDump(engine, options, () -> {}).write(out);
    return out.toString();
  }

  static void load(Engine engine, String dump) throws FormatException, IOException {
    byte[] bytes = dump.getBytes(StandardCharsets.UTF_8);
    new JsonLoad(engine, 3, () -> {}).load(new ByteArrayInputStream(bytes));
  }

  static byte[] binary(Engine engine) throws FormatException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new BinaryDump(engine, DumpOptions.DEFAULT, () -> {}).write(out);
    return out.toByteArray();
  }

  static void loadBinary(Engine engine, byte[] dump) throws FormatException, IOException {
    new BinaryLoad(engine, 3, () -> {}).load(new ByteArrayInputStream(dump));
  }

  static void assertSound(Engine engine) {
    assertThat(VolumeCheck.run(engine)).extracting(Finding::toString).isEmpty();
  }
}
