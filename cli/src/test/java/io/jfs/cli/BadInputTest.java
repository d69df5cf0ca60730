package io.jfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.txn.Engine;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each mistake of a user ends a real process with code 1 and one line that says why, and changes
 * nothing. Those that need a living mount are in scripts/conformance.d/badinput.sh.
 */
final class BadInputTest {
  @TempDir Path folder;
  private String meta = "";

  @BeforeEach
  void nameTheVolume() {
    meta = "lmdb://" + folder.resolve("meta");
  }

  private record Outcome(int exitCode, List<String> errors, String out) {
    String lastError() {
      return errors.get(errors.size() - 1);
    }

    /** Failed, and the last line says why; everything before it is INFO. */
    void failedWith(String reason) {
      assertThat(exitCode).as("%s", errors).isEqualTo(1);
      assertThat(lastError()).contains("<FATAL>: ").contains(reason);
      assertThat(errors.subList(0, errors.size() - 1)).allMatch(line -> line.contains("<INFO>"));
    }
  }

  private static Outcome jfs(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(JfsCli.class.getName());
    command.addAll(List.of(args));
    File errors = File.createTempFile("jfs", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Outcome(process.exitValue(), Files.readAllLines(errors.toPath()), out);
    } finally {
      assertThat(errors.delete()).isTrue();
    }
  }

  private Outcome format(String... more) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("format", "--bucket", data().toString()));
    args.addAll(List.of(more));
    return jfs(args.toArray(String[]::new));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void nothingWasMade() {
    assertThat(data()).doesNotExist();
    assertThat(folder.resolve("meta")).doesNotExist();
  }

  @Test
  void badSettings() throws Exception {
    format(meta, "Bad_Name").failedWith("invalid name: \"Bad_Name\", only alphabet, number and -");
    format("--block-size", "100", meta, "vol").failedWith("invalid block size: 100 KiB");
    format("--block-size", "32M", meta, "vol").failedWith("invalid block size");
    format("--block-size", "much", meta, "vol").failedWith("--block-size");
    format("--compress", "rar", meta, "vol").failedWith("Unsupported compress algorithm: \"rar\"");
    format("--trash-days", "-1", meta, "vol").failedWith("trash-days");
    format("--storage", "floppy", meta, "vol").failedWith("floppy");
    nothingWasMade();
  }

  @Test
  void badEngine() throws Exception {
    format("floppy://a", "vol").failedWith("Invalid meta driver: floppy");
    Files.writeString(folder.resolve("file"), "no folder");
    format("lmdb://" + folder.resolve("file"), "vol").failedWith("file");
    nothingWasMade();
  }

  @Test
  void badStore() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    jfs("format", "--bucket", file + "/data", meta, "vol").failedWith("file");
    assertThat(folder.resolve("meta")).doesNotExist();
  }

  @Test
  void formatOverAVolume() throws Exception {
    assertThat(format(meta, "vol").exitCode()).isZero();
    String before = jfs("status", meta).out();
    format("--trash-days", "9", meta, "vol").failedWith("exists already");
    format(meta, "other").failedWith("exists already");
    assertThat(format("--no-update", "--trash-days", "9", meta, "vol").exitCode()).isZero();
    assertThat(jfs("status", meta).out()).isEqualTo(before);
    assertThat(format("--force", "--trash-days", "9", meta, "vol").exitCode()).isZero();
    assertThat(jfs("status", meta).out()).contains("\"TrashDays\": 9");
  }

  @Test
  void formatOverDataOfAnother() throws Exception {
    Path stranger = data().resolve("vol/chunks/0/0/1_0_4");
    Files.createDirectories(stranger.getParent());
    Files.writeString(stranger, "data");
    format(meta, "vol").failedWith("is not empty; please clean it up or pick another volume name");
    assertThat(folder.resolve("meta")).doesNotExist();
    assertThat(stranger).hasContent("data");
  }

  @Test
  void mountOfNothing() throws Exception {
    Path mountPoint = Files.createDirectory(folder.resolve("mnt"));
    jfs("mount", meta, mountPoint.toString())
        .failedWith("database is not formatted, please run `jfs format ...` first");
    jfs("status", meta).failedWith("database is not formatted");
    nothingWasMade();
  }

  @Test
  void mountOfANewerVolume() throws Exception {
    assertThat(format(meta, "vol").exitCode()).isZero();
    try (Engine engine = Engines.open(meta, Map.of())) {
      Object unused =
          new VolumeAdmin(engine)
              .update(format -> format.set("MetaVersion", 9L), VolumeAdmin.Checks.FORCED);
    }
    Path mountPoint = Files.createDirectory(folder.resolve("mnt"));
    jfs("mount", meta, mountPoint.toString()).failedWith("please upgrade the client");
  }

  @Test
  void badMountPoints() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    jfs("mount", meta, folder.resolve("missing").toString()).failedWith("does not exist");
    jfs("mount", meta, file.toString()).failedWith("is not a directory");
    jfs("mount", meta, "/").failedWith("mounting on / is not possible");
    nothingWasMade();
  }

  @Test
  void badMountOptions() throws Exception {
    String mnt = Files.createDirectory(folder.resolve("mnt")).toString();
    jfs("mount", "--backup-meta", "1m", meta, mnt).failedWith("--backup-meta");
    jfs("mount", "--upload-hours", "7", meta, mnt).failedWith("--upload-hours");
    jfs("mount", "--tag", "a", meta, mnt).failedWith("--tag");
    jfs("mount", "-o", "max_read=x", meta, mnt).failedWith("max_read");
    jfs("mount", "--cache-size", "x", meta, mnt).failedWith("--cache-size");
    jfs("mount", "--nonsense", meta, mnt).failedWith("unknown option: \"--nonsense\"");
    jfs("mount", "-d", meta, mnt).failedWith("--background works through the launcher");
    nothingWasMade();
  }
}
