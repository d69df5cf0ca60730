package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.answering;
import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DumpCommandTest {
  @TempDir Path folder;
  private String meta = "";

  @BeforeEach
  void format() {
    meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", folder.resolve("data").toString(), meta, "vol").succeeded();
  }

  private String other() {
    return "lmdb://" + folder.resolve("other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dump.json", "dump.json.gz", "dump.json.zstd"})
  void travelsInFilesOfEveryKind(String name) throws Exception {
    Path file = folder.resolve(name);
    jfs("dump", meta, file.toString()).succeeded();
    boolean isPlain = Files.readAllBytes(file)[0] == '{';
    assertThat(isPlain).isEqualTo(name.endsWith(".json"));
    assertThat(folder.resolve(name + ".tmp")).doesNotExist();
    jfs("load", other(), file.toString()).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(jfs("dump", meta).succeeded());
  }

  @Test
  void travelsAsItIs() {
    Path file = folder.resolve("dump.bin.gz");
    jfs("dump", "--binary", meta, file.toString()).succeeded();
    assertThat(jfs("load", "--binary", "--stat", file.toString()).succeeded())
        .startsWith("Backup Version: 1\n-----------------------\nName      | Num       \n")
        .contains("\nnode      | 2         |\n");
    jfs("load", "--binary", other(), file.toString()).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(jfs("dump", meta).succeeded());
    jfs("load", "--stat", file.toString()).failed("--stat needs --binary");
    jfs("dump", "--binary", "--subdir", "/d", meta).failed("--binary has the whole volume");
  }

  @Test
  void travelsThroughAPipe() {
    String dump = jfs("dump", meta).succeeded();
    answering(dump, "load", other()).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(dump);
  }

  @Test
  void failuresLeaveNothingBehind() throws Exception {
    Path file = Files.writeString(folder.resolve("earlier"), "kept");
    jfs("dump", "--subdir", "/no", meta, file.toString()).failed("/no: no such directory");
    assertThat(Files.readString(file)).isEqualTo("kept");
    jfs("dump", other(), file.toString()).failed("not formatted");
    jfs("load", other(), file.toString()).failed("not a JSON dump");
    jfs("load", other(), folder.resolve("none").toString()).failed("no such file");
    jfs("load", meta, file.toString()).failed("is used by volume vol");
    jfs("dump", other(), folder.resolve("none").toString()).failed("not formatted");
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
