package io.jfs.cli.command;

import io.jfs.cli.option.Option;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;

/** How many threads a long command works with. */
final class Threads {
  private static final int MOST = 1000;

  /** The option. */
  static final Option<Long> OPTION = Option.number("threads p", "10", "how many threads work");

  private Threads() {}

  /** Its value. */
  static int of(Options options) throws UsageException {
    long threads = options.get(OPTION);
    if (threads < 1 || threads > MOST) {
      throw new UsageException("--threads: " + threads + " is not between 1 and " + MOST);
    }
    return (int) threads;
  }
}
