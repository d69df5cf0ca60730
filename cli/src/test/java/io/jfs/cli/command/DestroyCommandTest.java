package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.answering;
import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DestroyCommandTest {
  @TempDir Path folder;
  private String meta = "";
  private String uuid = "";

  @BeforeEach
  void format() throws Exception {
    meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", data().toString(), meta, "vol").succeeded();
    try (Engine engine = Engines.open(meta, Map.of())) {
      uuid = Objects.requireNonNull(new VolumeAdmin(engine).find()).uuid();
    }
    for (int i = 0; i < 30; i++) {
      Path block = data().resolve("vol/chunks/0/" + i % 3 + "/" + (1 + i) + "_0_3");
      Files.createDirectories(block.getParent());
      Files.writeString(block, "abc");
    }
    Files.createDirectories(data().resolve("other"));
    Files.writeString(data().resolve("other/kept"), "abc");
  }

  private Path data() {
    return folder.resolve("data");
  }

  private boolean isThere() {
    try (Engine engine = Engines.open(meta, Map.of())) {
      return new VolumeAdmin(engine).find() != null;
    }
  }

  @Test
  void asksAndThenDeletesEverythingOfTheVolumeOnly() {
    answering("n\n", "destroy", meta, uuid).failed("Aborted.");
    jfs("destroy", meta, "another").failed("UUID \"another\" != expected \"" + uuid + "\"");
    assertThat(data().resolve("vol/chunks/0/0/1_0_3")).exists();
    String shown = answering("y\n", "destroy", meta, uuid).succeeded();
    assertThat(shown)
        .contains(" volume name: vol\n volume UUID: " + uuid + "\ndata storage: file://")
        .contains("  used bytes: 0\n used inodes: 0\n");
    assertThat(data().resolve("vol/chunks")).doesNotExist();
    assertThat(data().resolve("vol/juicefs_uuid")).doesNotExist();
    assertThat(data().resolve("other/kept")).exists();
    assertThat(isThere()).isFalse();
    jfs("destroy", "--yes", meta, uuid).failed("not formatted");
  }

  @Test
  void isDoneAgainAfterAnInterruption() throws Exception {
    for (int i = 0; i < 15; i++) {
      Files.delete(data().resolve("vol/chunks/0/" + i % 3 + "/" + (1 + i) + "_0_3"));
    }
    Files.delete(data().resolve("vol/juicefs_uuid"));
    jfs("destroy", "--yes", meta, uuid).succeeded();
    assertThat(data().resolve("vol/chunks")).doesNotExist();
    assertThat(isThere()).isFalse();
  }

  @Test
  void isRefusedWhileSomebodyHasItMounted() throws Exception {
    try (VolumeMeta client =
        VolumeMeta.open(
            Engines.open(meta, Map.of()),
            MetaConfig.DEFAULT.withBackgroundJobs(false),
            SessionFacts.ofThisProcess("/mnt/here", Clock.systemUTC().instant()),
            SliceReaper.NONE)) {
      assertThat(client.sessionId()).isEqualTo(1);
      jfs("destroy", "--yes", meta, uuid)
          .failed("1 sessions are active, please disconnect them first: 1 (");
      assertThat(data().resolve("vol/chunks/0/0/1_0_3")).exists();
    }
    jfs("destroy", "--yes", meta, uuid).succeeded();
  }

  @Test
  void forceAsksNobody() throws Exception {
    try (VolumeMeta client =
        VolumeMeta.open(
            Engines.open(meta, Map.of()),
            MetaConfig.DEFAULT.withBackgroundJobs(false),
            SessionFacts.ofThisProcess("/mnt/here", Clock.systemUTC().instant()),
            SliceReaper.NONE)) {
      assertThat(client.sessionId()).isEqualTo(1);
      jfs("destroy", "--force", meta, uuid).succeeded();
    }
    assertThat(isThere()).isFalse();
  }
}
