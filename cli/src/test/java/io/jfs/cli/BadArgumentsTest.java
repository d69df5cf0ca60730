package io.jfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.command.Command;
import io.jfs.cli.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command answers what it cannot do with one line that says why, and fails; what is there
 * stays as it was.
 */
final class BadArgumentsTest {
  @TempDir Path folder;
  private String meta = "";

  @BeforeEach
  void nothingYet() {
    meta = "lmdb://" + folder.resolve("none");
  }

  static Stream<String> commands() {
    return Commands.all().stream().map(Command::name);
  }

  /** Fails with this in its last words, says nothing else, and leaves the folder alone. */
  private void refused(String reason, String... words) throws IOException {
    String before = names();
    CommandRun run = CommandRun.jfs(words);
    String line = String.join(" ", words);
    assertThat(run.exitCode()).as("%s: %s%s", line, run.out(), run.log()).isEqualTo(1);
    List<String> said = run.log().lines().toList();
    assertThat(said).as("%s", line).isNotEmpty();
    assertThat(said.get(said.size() - 1)).as("%s", line).containsAnyOf("<FATAL>: ", "<ERROR>: ");
    assertThat(said.get(said.size() - 1)).as("%s", line).contains(reason);
    assertThat(said).as("%s", line).noneMatch(text -> text.startsWith("\tat "));
    assertThat(said.subList(0, said.size() - 1))
        .as("%s", line)
        .allMatch(text -> text.contains("<INFO>"));
    assertThat(names()).isEqualTo(before);
  }

  private String names() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).sorted().collect(Collectors.joining("\n"));
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void unknownOption(String command) throws IOException {
    refused("unknown option: \"--no-such-option\"", command, "--no-such-option");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void unknownLogLevel(String command) throws IOException {
    refused("--log-level", command, "--log-level", "loud");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void tooFewArguments(String name) {
    int wanted = Commands.named(name).orElseThrow().arguments().size();
    if (wanted > 0) {
      CommandRun run = CommandRun.jfs(name);
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).startsWith("ERROR: This command requires at least " + wanted);
    }
  }

  @Test
  void volumesThatAreNotThere() throws IOException {
    for (String command :
        List.of("status", "config", "fsck", "gc", "dump", "restore --put-back", "quota list")) {
      String[] words = (command + " META 2026-01-01-00").replace("META", meta).split(" ");
      if (!command.startsWith("restore")) {
        words = (command + " " + meta).split(" ");
      }
      refused("database is not formatted", words);
    }
    refused("database is not formatted", "destroy", "--yes", meta, "some-uuid");
  }

  @Test
  void enginesThatDoNotExist() throws IOException {
    for (String command : List.of("status", "config", "fsck", "gc", "dump", "quota list")) {
      refused("Invalid meta driver: floppy", (command + " floppy://a").split(" "));
    }
  }

  @Test
  void placesThatAreNoMounts() throws IOException {
    String place = Files.createDirectory(folder.resolve("place")).toString();
    for (String command : List.of("stats", "profile", "top", "debug")) {
      refused("is not a mount point", command, place);
    }
    for (String command : List.of("info", "summary", "warmup", "compact")) {
      refused("is not inside a mount", command, place);
    }
    Path file = Files.writeString(folder.resolve("file"), "x");
    refused("is not inside a mount", "rmr", file.toString());
    refused("is not inside a mount", "clone", file.toString(), folder.resolve("copy").toString());
    for (String command : List.of("info", "summary", "warmup", "compact")) {
      refused("no such file or directory", command, folder.resolve("missing").toString());
    }
  }

  @Test
  void numbersThatMakeNoSense() throws IOException {
    String place = Files.createDirectory(folder.resolve("place")).toString();
    for (String line :
        List.of(
            "rmr --threads 0",
            "warmup --threads 0",
            "compact --threads 0",
            "summary --depth -1",
            "stats --interval 0",
            "profile --interval -1",
            "top --interval 0",
            "debug --stats-sec -1",
            "debug --limit -5")) {
      String[] words = (line + " " + place + " " + place + "2").split(" ");
      refused("invalid value for " + words[1], words);
    }
    refused("invalid value for --threads", "warmup", "--threads", "many", place);
  }

  @Test
  void mountOptionsThatMakeNoSense() throws IOException {
    String place = Files.createDirectory(folder.resolve("place")).toString();
    refused("--root-squash", "mount", "--root-squash", "0:0", meta, place);
    refused("--all-squash", "mount", "--all-squash", "me", meta, place);
    refused("--umask", "mount", "--umask", "999", meta, place);
    refused("--umask", "mount", "--umask", "7777", meta, place);
    String upload = "7,23";
    refused("--update-fstab", "mount", "--update-fstab", "--upload-hours", upload, meta, place);
    String secret = "redis://:planted@127.0.0.1:1/1";
    CommandRun run = CommandRun.jfs("mount", "--update-fstab", secret, place);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.log()).contains("--update-fstab: ").doesNotContain("planted");
  }

  @Test
  void thingsThatExcludeEachOther() throws IOException {
    String place = Files.createDirectory(folder.resolve("place")).toString();
    refused("--evict", "warmup", "--evict", "--check", place);
    refused("", "quota", "set", meta);
    assertThat(CommandRun.jfs("quota", "nonsense", meta).exitCode()).isEqualTo(3);
    refused("", "profile", "--uid", "nobody", place);
  }
}
