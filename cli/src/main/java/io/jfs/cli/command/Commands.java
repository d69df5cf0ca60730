package io.jfs.cli.command;

import java.util.List;
import java.util.Optional;

/** All commands, in the order of the help text. A new command is a class and a line here. */
public final class Commands {
  private static final List<Command> ALL =
      List.of(
          new FormatCommand(),
          new ConfigCommand(),
          new QuotaCommand(),
          new BenchCommand(),
          new ObjbenchCommand(),
          new MetabenchCommand(),
          new MdtestCommand(),
          new StatusCommand(),
          new StatsCommand(),
          new ProfileCommand(),
          new TopCommand(),
          new DebugCommand(),
          new FsckCommand(),
          new GcCommand(),
          new DestroyCommand(),
          new DumpCommand(),
          new LoadCommand(),
          new MountCommand(),
          new UmountCommand(),
          new InfoCommand(),
          new SummaryCommand(),
          new WarmupCommand(),
          new RmrCommand(),
          new CloneCommand(),
          new CompactCommand(),
          new RestoreCommand(),
          new VersionCommand());

  private Commands() {}

  /** All commands. */
  public static List<Command> all() {
    return ALL;
  }

  /** The command of a name. */
  public static Optional<Command> named(String name) {
    return ALL.stream().filter(command -> command.name().equals(name)).findFirst();
  }
}
