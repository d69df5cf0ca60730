package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same operations on a mount of the reference and one of jfs: the lines of .accesslog. */
@Tag("mount")
@Timeout(300)
final class AccessLogComparisonTest {
  private static final String LAST = "marks-the-end";

  @TempDir Path folder;

  @Test
  void linesAreThoseOfTheReference() throws Exception {
    Map<String, List<String>> theirs;
    try (LiveMount reference = LiveMount.reference(folder.resolve("reference"))) {
      theirs = byOperation(logOfWork(reference));
    }
    Map<String, List<String>> ours;
    try (LiveMount jfs = LiveMount.jfs(folder.resolve("jfs"))) {
      ours = byOperation(logOfWork(jfs));
    }
    assertThat(theirs.keySet()).contains("create", "rename", "setlk", "copy_file_range", "link");
    assertThat(ours).isEqualTo(theirs);
  }

  /** Two readers get the same lines. */
  private List<String> logOfWork(LiveMount mount) throws IOException, InterruptedException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Process reader = mount.start("exec cat .accesslog", first);
    Process other = mount.start("exec cat .accesslog", second);
    await(first, "#");
    await(second, "#");
    String unused = mount.sh(Workload.SCRIPT);
    String nothing = mount.sh("! stat " + LAST + " 2>/dev/null");
    await(first, LAST);
    await(second, LAST);
    reader.destroy();
    other.destroy();
    assertThat(reader.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(work(second)).containsExactlyInAnyOrderElementsOf(work(first));
    return work(first);
  }

  private static void await(Path log, String text) throws IOException, InterruptedException {
    while (!Files.readString(log).contains(text)) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** The lines from the first operation of the work to the last. */
  private static List<String> work(Path log) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean begun = false;
    for (String line : Files.readAllLines(log)) {
      begun |= line.contains(" mkdir (1,dd,");
      if (line.contains(LAST)) {
        break;
      }
      if (begun && !line.equals("#")) {
        lines.add(line);
      }
    }
    return lines;
  }

  /**
   * Operations on different inodes may overtake each other, so each kind is compared by itself.
   * Left out is what depends on timing (getattr, and what is looked up, both cached for a second),
   * and the question for security.capability, which jfs spares the kernel at writes.
   */
  private static Map<String, List<String>> byOperation(List<String> lines) {
    Map<String, List<String>> operations = new TreeMap<>();
    for (String line : lines) {
      assertThat(line)
          .matches(
              "\\d{4}\\.\\d\\d\\.\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6} "
                  + "\\[uid:\\d+,gid:\\d+,pid:\\d+\\] [a-z_]+ \\(.* <\\d+\\.\\d{6}>");
      String masked = masked(line);
      String operation = masked.split(" ")[1];
      boolean timed = operation.equals("getattr") || operation.equals("lookup");
      if (!timed && !masked.contains("security.capability")) {
        operations.computeIfAbsent(operation, name -> new ArrayList<>()).add(masked);
      }
    }
    return operations;
  }

  /** Without times, process ids, file handles, lock owners and cookies of listings. */
  private static String masked(String line) {
    String rest =
        line.substring(27)
            .replaceFirst(" <\\d+\\.\\d{6}>$", "")
            .replaceFirst("pid:[1-9]\\d*", "pid:P")
            .replaceAll(",\\d{9,},\\d{9,},\\d{9,},", ",T,T,T,")
            .replaceFirst("fh:\\d+", "fh:H")
            .replaceFirst("[0-9A-F]{16}", "OWNER")
            .replaceFirst("(readdir \\(\\d+,\\d+),[1-9]\\d*,", "$1,COOKIE,")
            .replaceFirst("(setlk .*),\\d+\\)", "$1,P)")
            .replaceFirst("(setattr \\(\\d+\\[)[1-9]\\d*", "$1H")
            .replaceFirst("(statfs \\(\\d+\\): ).* -", "$1(USAGE) -");
    return rest.replaceFirst("((flush|flock|setlk|release) \\(\\d+),\\d+", "$1,H")
        .replaceFirst("((read|write) \\(\\d+,\\d+,\\d+),\\d+", "$1,H");
  }
}
