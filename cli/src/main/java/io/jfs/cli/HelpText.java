package io.jfs.cli;

import io.jfs.cli.command.Command;
import io.jfs.cli.command.Commands;
import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The text of {@code --help}: what a command is for, its arguments, options and defaults. */
final class HelpText {
  private static final int WIDTH = 100;
  private static final int OPTION_COLUMN = 34;

  private HelpText() {}

  /** The text of {@code jfs --help}. */
  static String overview() {
    StringBuilder text = new StringBuilder(1024);
    text.append("NAME:\n  jfs - a POSIX file system on an object store and a metadata engine\n\n");
    text.append("USAGE:\n  jfs COMMAND [OPTIONS] [ARGUMENTS]\n\nCOMMANDS:\n");
    for (Command command : Commands.all()) {
      text.append(String.format(Locale.ROOT, "  %-10s %s%n", command.name(), command.summary()));
    }
    appendGroup(text, GlobalOptions.GROUP);
    text.append("\n`jfs COMMAND --help` tells more about a command.\n");
    text.append("\nEXIT CODES:\n  0 done   1 failed, the last line says why   3 unknown command\n");
    return text.toString();
  }

  /** The text of {@code jfs COMMAND --help}. */
  static String of(Command command) {
    StringBuilder text = new StringBuilder(4096);
    text.append("NAME:\n  jfs ").append(command.name()).append(" - ");
    text.append(command.summary()).append("\n\n").append(usage(command));
    if (!command.explanation().isEmpty()) {
      text.append("\nDESCRIPTION:\n").append(indented(command.explanation()));
    }
    command.options().forEach(group -> appendGroup(text, group));
    appendGroup(text, GlobalOptions.GROUP);
    return text.toString();
  }

  private static String indented(String paragraphs) {
    return paragraphs
        .lines()
        .map(l -> l.isEmpty() ? "\n" : "  " + l + "\n")
        .reduce("", String::concat);
  }

  /** The line that says how to call a command. */
  static String usage(Command command) {
    List<String> words = new ArrayList<>(List.of("jfs", command.name()));
    if (!command.options().isEmpty()) {
      words.add("[OPTIONS]");
    }
    words.addAll(command.arguments());
    command.optionalArguments().forEach(word -> words.add("[" + word + "]"));
    return "USAGE:\n  " + String.join(" ", words) + "\n";
  }

  private static void appendGroup(StringBuilder text, OptionGroup group) {
    text.append('\n').append(group.heading()).append(" OPTIONS:\n");
    group.options().stream()
        .filter(option -> !option.isHidden())
        .forEach(option -> appendOption(text, option));
  }

  private static void appendOption(StringBuilder text, Option<?> option) {
    String names = String.join(", ", option.dashedNames());
    String left = "  " + names + (option.isFlag() ? "" : " " + option.label());
    text.append(left);
    if (left.length() >= OPTION_COLUMN) {
      text.append('\n').append(" ".repeat(OPTION_COLUMN));
    } else {
      text.append(" ".repeat(OPTION_COLUMN - left.length()));
    }
    appendWrapped(text, option.description() + defaultOf(option));
  }

  private static String defaultOf(Option<?> option) {
    String value = option.defaultText();
    boolean shown = !value.isEmpty() && !"false".equals(value);
    return shown ? " (default: " + value + ")" : "";
  }

  private static void appendWrapped(StringBuilder text, String words) {
    StringBuilder line = new StringBuilder();
    for (String word : words.split(" ")) {
      if (OPTION_COLUMN + line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n').append(" ".repeat(OPTION_COLUMN));
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    text.append(line).append('\n');
  }
}
