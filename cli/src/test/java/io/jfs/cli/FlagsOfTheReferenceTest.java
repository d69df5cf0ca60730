package io.jfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.command.Command;
import io.jfs.cli.command.Commands;
import io.jfs.cli.option.Option;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every flag that {@code juicefs COMMAND --help} shows is one of {@code jfs COMMAND}. */
final class FlagsOfTheReferenceTest {
  private static final Pattern FLAG = Pattern.compile("(?m)^ +(--?\\S+.*?)(?:  |$)");
  private static final Pattern NAME = Pattern.compile("(?:^|, )--?([a-z][a-z-]*)");

  /** Commands that take their flags behind the name of a sub-command there. */
  private static final Map<String, List<String>> SUBCOMMANDS = Map.of("quota", List.of("set"));

  /** Takes the flags of a mount there, though it mounts nothing. */
  private static final String LIKE_A_MOUNT = "mdtest";

  @Test
  void areAllThere() throws Exception {
    Assumptions.assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "juicefs"))),
        "juicefs is not installed");
    List<String> missing = new ArrayList<>();
    int compared = 0;
    Set<String> ofMount =
        Commands.all().stream()
            .filter(command -> command.name().equals("mount"))
            .map(FlagsOfTheReferenceTest::flagsOf)
            .findFirst()
            .orElseThrow();
    for (Command command : Commands.all()) {
      Set<String> theirs = flagsOfTheReference(command.name());
      compared += theirs.size();
      theirs.removeAll(flagsOf(command));
      if (command.name().equals(LIKE_A_MOUNT)) {
        theirs.removeAll(ofMount);
      }
      theirs.forEach(flag -> missing.add(command.name() + " " + flag));
    }
    assertThat(missing).isEmpty();
    assertThat(compared).isGreaterThan(150);
  }

  private static Set<String> flagsOf(Command command) {
    return command.options().stream()
        .flatMap(group -> group.options().stream())
        .map(Option::dashedNames)
        .flatMap(List::stream)
        .map(name -> name.replaceFirst("^--?", ""))
        .collect(Collectors.toSet());
  }

  private static Set<String> flagsOfTheReference(String command) throws Exception {
    List<String> line = new ArrayList<>(List.of("juicefs", command));
    line.addAll(SUBCOMMANDS.getOrDefault(command, List.of()));
    line.add("--help");
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Set<String> flags = new TreeSet<>();
    if (process.waitFor() != 0) {
      return flags; // a command of jfs alone
    }
    int options = Math.max(0, help.indexOf("OPTIONS"));
    Matcher shown = FLAG.matcher(help.substring(options));
    while (shown.find()) {
      Matcher name = NAME.matcher(shown.group(1));
      while (name.find()) {
        flags.add(name.group(1));
      }
    }
    flags.removeAll(Set.of("help", "h"));
    return flags;
  }
}
