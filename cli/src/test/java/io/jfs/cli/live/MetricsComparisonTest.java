package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same work on a mount of the reference and one of jfs: what both measure. */
@Tag("mount")
@Timeout(300)
final class MetricsComparisonTest {
  private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)\\{([^}]*)\\} .*");

  /** Metrics of the Go runtime; the Java machine has its own, which Micrometer names. */
  private static final String GO = "juicefs_go_";

  @TempDir Path folder;

  @Test
  void jfsHasWhatTheReferenceHas() throws Exception {
    try (LiveMount reference = LiveMount.reference(folder.resolve("reference"));
        LiveMount jfs = LiveMount.jfs(folder.resolve("jfs"))) {
      String unused = reference.sh(Workload.SCRIPT) + jfs.sh(Workload.SCRIPT);
      String theirs = reference.metrics();
      String ours = jfs.metrics();
      assertThat(types(ours)).containsAllEntriesOf(types(theirs));
      assertThat(labels(ours)).containsAllEntriesOf(labels(theirs));
      assertThat(buckets(ours)).containsAllEntriesOf(buckets(theirs));
      assertThat(names(jfs.sh("cat .stats"))).containsAll(names(reference.sh("cat .stats")));
      assertThat(keys(jfs.sh("cat .config"))).isEqualTo(keys(reference.sh("cat .config")));
      jfsHasItsOwn(jfs.sh("cat .stats"));
    }
  }

  private static void jfsHasItsOwn(String stats) {
    for (String name :
        Set.of(
            "transaction_round_trips",
            "transaction_commits",
            "transaction_conflicts",
            "transaction_retries",
            "fuse_requests_waiting",
            "object_requests_running_PUT",
            "buffer_size_limit_bytes",
            "blockcache_memory_hits",
            "object_request_durations_histogram_seconds_PUT_total")) {
      assertThat(stats).containsPattern("(?m)^juicefs_" + name + " [0-9.]+$");
    }
  }

  private static Map<String, String> types(String page) {
    Map<String, String> types = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith("# TYPE ") && !line.contains(GO))
        .map(line -> line.split(" "))
        .forEach(words -> types.put(words[2], words[3]));
    return types;
  }

  private static Map<String, Set<String>> labels(String page) {
    Map<String, Set<String>> labels = new TreeMap<>();
    Matcher sample = SAMPLE.matcher(page);
    while (sample.find()) {
      if (!sample.group(1).startsWith(GO)) {
        Set<String> names = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
        for (String label : sample.group(2).split(",(?=[a-z])")) {
          names.add(label.substring(0, label.indexOf('=')));
        }
      }
    }
    return labels;
  }

  /** Logarithms of the bounds of histograms, in thousandths. */
  private static Map<String, Set<Long>> buckets(String page) {
    Map<String, Set<Long>> bounds = new TreeMap<>();
    Matcher bucket =
        Pattern.compile("([a-z_]+)_bucket\\{.*le=\"([0-9][^\"]*)\".*\\}").matcher(page);
    while (bucket.find()) {
      long bound = Math.round(1000 * Math.log(Double.parseDouble(bucket.group(2))));
      bounds.computeIfAbsent(bucket.group(1), name -> new TreeSet<>()).add(bound);
    }
    return bounds;
  }

  /** Names in .stats, but those of the language, and operations that only one kernel path has. */
  private static Set<String> names(String stats) {
    return stats
        .lines()
        .map(line -> line.split(" ")[0])
        .filter(name -> !name.startsWith(GO) && !name.contains("_meta_ops_"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Paths of all members; the reference's debug port and hand-over sockets are its own. */
  private static Set<String> keys(String json) {
    Set<String> keys = new TreeSet<>();
    String[] path = new String[16];
    Matcher member = Pattern.compile("(?m)^( *)\"([A-Za-z0-9]+)\":").matcher(json);
    while (member.find()) {
      int depth = member.group(1).length();
      path[depth] = member.group(2);
      keys.add(String.join(".", java.util.Arrays.copyOfRange(path, 1, depth + 1)));
    }
    keys.removeAll(Set.of("Port.DebugAgent", "CommPath", "StatePath"));
    return keys;
  }
}
