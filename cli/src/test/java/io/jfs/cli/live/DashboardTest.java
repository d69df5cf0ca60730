package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every metric that the Grafana dashboard asks for is one that a mount has. */
@Tag("mount")
@Timeout(300)
final class DashboardTest {
  private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");

  @TempDir Path folder;

  @Test
  void asksForMetricsThatThereAre() throws Exception {
    Set<String> asked = names(Files.readString(DASHBOARD), "\\b((?:juicefs|jvm)_[a-z_]+)[\\\\{,]");
    asked.remove("juicefs_version");
    assertThat(asked).hasSizeGreaterThan(30);
    try (LiveMount jfs = LiveMount.jfs(folder.resolve("jfs"))) {
      String unused = jfs.sh(Workload.SCRIPT);
      assertThat(names(jfs.metrics(), "(?m)^([a-z_]+)\\{")).containsAll(asked);
    }
  }

  private static Set<String> names(String text, String pattern) {
    Set<String> names = new TreeSet<>();
    Matcher found = Pattern.compile(pattern).matcher(text);
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }
}
