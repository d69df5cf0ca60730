package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code stats} and {@code profile} of both clients, on mounts of both. */
@Tag("mount")
@Timeout(300)
final class WatchCommandsTest {
  @TempDir Path folder;

  @Test
  void bothClientsWatchBothMounts() throws Exception {
    try (LiveMount reference = LiveMount.reference(folder.resolve("reference"));
        LiveMount jfs = LiveMount.jfs(folder.resolve("jfs"))) {
      for (String schema : List.of("ufmco", "tufmcog")) {
        String[] options = {"--schema", schema, "-l", "1", "--count", "1"};
        String theirs = stats(reference, reference.path(), options);
        assertThat(headers(stats(jfs, jfs.path(), options))).isEqualTo(headers(theirs));
        assertThat(shape(stats(jfs, reference.path(), options))).isEqualTo(shape(theirs));
        assertThat(headers(stats(reference, jfs.path(), options))).isEqualTo(headers(theirs));
      }
      Path log = folder.resolve("saved");
      Process reader = jfs.start("exec cat .accesslog", log);
      while (!Files.readString(log).contains("#")) {
        Thread.onSpinWait();
      }
      String unused = jfs.sh(Workload.SCRIPT + "\nmkdir the-last");
      while (!Files.readString(log).contains("the-last")) {
        Thread.onSpinWait();
      }
      reader.destroy();
      String theirs = reference.client("profile", log.toString(), "--interval", "0");
      String ours = jfs.client("profile", log.toString(), "--interval", "0");
      assertThat(operations(ours)).isEqualTo(operations(theirs));
      assertThat(ours).startsWith("> JuiceFS Profiling").contains("copy_file_range");
      assertThat(jfs.client("profile", log.toString(), "--interval", "0", "--uid", "4711"))
          .isEmpty();
    }
  }

  private static String stats(LiveMount client, Path mount, String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "stats";
    words[1] = mount.toString();
    System.arraycopy(options, 0, words, 2, options.length);
    return client.client(words);
  }

  /** Operation, count and percentage; the reference cuts off parts of microseconds. */
  private static List<String> operations(String profile) {
    return profile
        .lines()
        .skip(1)
        .map(line -> line.replaceAll("^(\\S+ +\\S+).* (\\S+)$", "$1 $2"))
        .toList();
  }

  private static List<String> headers(String table) {
    return table.lines().limit(2).toList();
  }

  /** The table with digits made equal: an idle mount's numbers. */
  private static String shape(String table) {
    return table.replaceAll("\\d+[BKM]", "9K").replaceAll("\\d", "9").replaceAll(" +", " ");
  }

  @Test
  void wrongArgumentsAreRefused() {
    CommandRun.jfs("stats", folder.toString()).failed("is not a mount point");
    CommandRun.jfs("stats", folder.toString(), "--schema", "x").failed("no section \"x\"");
    CommandRun.jfs("stats", folder.toString(), "--interval", "0").failed("--interval");
    CommandRun.jfs("profile", folder.resolve("none").toString()).failed("does not exist");
    CommandRun.jfs("profile", folder.toString()).failed("is not a mount point");
    CommandRun.jfs("profile", folder.toString(), "--interval", "0").failed("--interval");
  }
}
