package io.jfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.command.Command;
import io.jfs.cli.command.Commands;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exit codes and what stands on standard output. Command-line spec 3.1. */
final class JfsCliTest {
  private record Outcome(int exitCode, String out) {}

  private static Outcome jfs(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    int exitCode = new JfsCli(print).run(List.of(args));
    return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void version() {
    Outcome outcome = jfs("version");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).matches("jfs version \\d+\\.\\d+\\.\\d+\\S*\\n");
    assertThat(jfs("--version")).isEqualTo(outcome);
    assertThat(jfs("-V")).isEqualTo(outcome);
  }

  @Test
  void unknownCommand() {
    assertThat(jfs("foo").exitCode()).isEqualTo(3);
    assertThat(jfs("help", "foo").exitCode()).isEqualTo(3);
  }

  @Test
  void unknownOption() {
    assertThat(jfs("version", "--x").exitCode()).isEqualTo(1);
    assertThat(jfs("--x").exitCode()).isEqualTo(1);
  }

  @Test
  void tooFewArguments() {
    Outcome outcome = jfs("umount");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .startsWith("ERROR: This command requires at least 1 arguments\nUSAGE:\n");
  }

  @Test
  void globalOptionsBeforeTheCommand() {
    assertThat(jfs("--log-id", "version", "--quiet", "version").out()).startsWith("jfs version");
  }

  @Test
  void everyCommandAndOptionIsInTheHelp() {
    String overview = jfs("--help").out();
    assertThat(jfs("help").out()).isEqualTo(overview);
    for (Command command : Commands.all()) {
      assertThat(overview).contains("  " + command.name() + " ").contains(command.summary());
      String help = jfs(command.name(), "--help").out();
      assertThat(help).isEqualTo(jfs("help", command.name()).out());
      command.options().stream()
          .flatMap(group -> group.options().stream())
          .filter(option -> !option.isHidden())
          .forEach(option -> assertThat(help).contains(option.dashedNames()));
      assertThat(help.lines()).allMatch(line -> line.length() <= 100 && !line.endsWith(" "));
    }
  }

  @Test
  void unmountOfWhatIsNotMounted() {
    assertThat(jfs("umount", "/nonexistent-mount-point").exitCode()).isEqualTo(1);
  }
}
