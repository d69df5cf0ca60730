package io.jfs.cli.command;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.DataStore;
import io.jfs.cli.admin.Confirmation;
import io.jfs.cli.admin.SettingsChange;
import io.jfs.cli.option.ConfigOptions;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeAdmin.Checks;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.FormatSecrets;
import io.jfs.meta.txn.Engine;
import java.io.PrintStream;
import java.util.List;

/**
 * {@code jfs config}: shows a volume's settings, or changes those that are given. A new way to the
 * data is tried before it is written; whoever has the volume mounted follows with his next sign of
 * life.
 */
final class ConfigCommand implements Command {
  @Override
  public String name() {
    return "config";
  }

  @Override
  public String summary() {
    return "Show or change a volume's settings.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL");
  }

  @Override
  public List<OptionGroup> options() {
    return ConfigOptions.GROUPS;
  }

  @Override
  public String explanation() {
    return """
        Without options shows the settings as JSON, secrets left out. Otherwise changes what is
        given and nothing else, whatever defaults are shown below. Mounts of jfs and JuiceFS follow
        within one heartbeat (12 seconds, unless they were mounted with another).

        Examples:
          jfs config redis://localhost/1
          jfs config redis://localhost/1 --capacity 100 --inodes 1000000 --trash-days 7
          jfs config redis://localhost/1 --upload-limit 80
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    String url = invocation.arguments().get(0);
    Options options = invocation.options();
    PrintStream out = invocation.out();
    try (Engine engine = Engines.open(url, System.getenv())) {
      VolumeAdmin admin = new VolumeAdmin(engine);
      Format stored = admin.find();
      if (stored == null) {
        throw new FormatException(VolumeAdmin.NOT_FORMATTED);
      }
      if (ConfigOptions.GROUPS.stream()
          .flatMap(group -> group.options().stream())
          .noneMatch(options::has)) {
        out.println(FormatJson.toDisplay(stored));
        return 0;
      }
      change(admin, stored, options, out);
      return 0;
    } catch (FormatException | CorruptRecordException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static void change(VolumeAdmin admin, Format stored, Options options, PrintStream out)
      throws CommandException, UsageException, FormatException {
    SettingsChange change = SettingsChange.of(stored, options);
    if (change.isEmpty()) {
      out.println("Nothing changed.");
      return;
    }
    boolean force = options.get(ConfigOptions.FORCE);
    if (!force) {
      test(change);
      Confirmation confirmation = new Confirmation(out, System.in, options.get(ConfigOptions.YES));
      VolumeAdmin.Totals used = admin.totals();
      for (String warning : change.warnings(used.spaceBytes(), used.inodes())) {
        confirmation.require(warning);
      }
    }
    Object unused = // What is stored is what was asked for.
        admin.update(change::appliedTo, force ? Checks.FORCED : Checks.STRICT);
    change.lines().forEach(out::println);
  }

  /** A new way to the data must lead to a store that works. */
  private static void test(SettingsChange change) throws CommandException {
    if (change.reachesElsewhere()) {
      try (ObjectStore store = DataStore.open(FormatSecrets.opened(change.after()))) {
        DataStore.test(store);
      }
    }
  }
}
