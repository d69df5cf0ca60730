package io.jfs.cli.command;

import io.jfs.cli.Version;
import java.util.List;

/** {@code jfs version}. */
final class VersionCommand implements Command {
  @Override
  public String name() {
    return "version";
  }

  @Override
  public String summary() {
    return "Show the version.";
  }

  @Override
  public List<String> arguments() {
    return List.of();
  }

  @Override
  public int run(Invocation invocation) {
    invocation.out().println("jfs version " + Version.current());
    return 0;
  }
}
