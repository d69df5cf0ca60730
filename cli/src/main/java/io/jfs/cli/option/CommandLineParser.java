package io.jfs.cli.option;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Parses the arguments of one command. Options stand before, between or after the arguments, {@code
 * -x} and {@code --x} are the same, the last of several wins. Specs are made in code, not from
 * annotations, because reading those by reflection is most of what a short command would cost.
 */
public final class CommandLineParser {
  private final List<Option<?>> options;
  private final Set<String> names = new HashSet<>();

  /** For a command with these options. */
  public CommandLineParser(List<OptionGroup> groups) {
    this.options = groups.stream().<Option<?>>flatMap(g -> g.options().stream()).toList();
    options.forEach(option -> names.addAll(option.dashedNames()));
  }

  /**
   * What a command line says.
   *
   * @param options given or default
   * @param arguments what is not an option, in order
   */
  public record Parsed(Options options, List<String> arguments) {}

  /**
   * Parses.
   *
   * @throws UsageException for unknown options, missing and bad values
   */
  public Parsed parse(List<String> args) throws UsageException {
    CommandSpec spec = CommandSpec.create();
    Map<String, OptionSpec> specs = new HashMap<>();
    for (Option<?> option : options) {
      OptionSpec optionSpec = specOf(option);
      specs.put(option.name(), optionSpec);
      spec.addOption(optionSpec);
    }
    PositionalParamSpec positional =
        PositionalParamSpec.builder().index("0..*").arity("0..*").type(String[].class).build();
    spec.addPositional(positional);
    CommandLine commandLine = new CommandLine(spec).setOverwrittenOptionsAllowed(true);
    CommandLine.ParseResult result = parse(commandLine, args);
    Map<String, String> given = new HashMap<>();
    specs.forEach(
        (name, optionSpec) -> {
          if (result.hasMatchedOption(optionSpec)) {
            Object value = optionSpec.getValue();
            given.put(name, String.valueOf(value));
          }
        });
    String @Nullable [] arguments = positional.getValue();
    return new Parsed(
        Options.of(options, given), arguments == null ? List.of() : List.of(arguments));
  }

  private CommandLine.ParseResult parse(CommandLine commandLine, List<String> args)
      throws UsageException {
    try {
      return commandLine.parseArgs(args.stream().map(this::normalize).toArray(String[]::new));
    } catch (CommandLine.UnmatchedArgumentException e) {
      throw new UsageException("unknown option: \"" + e.getUnmatched().get(0) + "\"");
    } catch (CommandLine.ParameterException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static OptionSpec specOf(Option<?> option) {
    OptionSpec.Builder builder = OptionSpec.builder(option.dashedNames().toArray(String[]::new));
    return option.isFlag()
        ? builder.arity("0..1").type(Boolean.class).fallbackValue("true").build()
        : builder.arity("1").type(String.class).build();
  }

  /** {@code -word} becomes {@code --word} and {@code --x} becomes {@code -x} where those exist. */
  private String normalize(String arg) {
    if (!arg.startsWith("-") || arg.length() < 2) {
      return arg;
    }
    int equals = arg.indexOf('=');
    String name = equals < 0 ? arg : arg.substring(0, equals);
    String bare = name.startsWith("--") ? name.substring(2) : name.substring(1);
    return Stream.of("--" + bare, "-" + bare)
        .filter(names::contains)
        .findFirst()
        .map(known -> known + arg.substring(name.length()))
        .orElse(arg);
  }
}
