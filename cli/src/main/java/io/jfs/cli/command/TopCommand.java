package io.jfs.cli.command;

import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.watch.Activity;
import io.jfs.cli.watch.Screen;
import io.jfs.cli.watch.VirtualFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs top}: which processes do what on a mount, and what they wait for. */
final class TopCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(TopCommand.class);
  private static final Option<Long> INTERVAL =
      Option.number("interval", "2", "seconds between two screens");
  private static final Option<Long> COUNT =
      Option.number("count c", "0", "screens to show; 0: until interrupted");
  private static final Option<Long> LINES = Option.number("lines", "15", "lines of each table");

  @Override
  public String name() {
    return "top";
  }

  @Override
  public String summary() {
    return "Show live which processes use a mount, and what they wait for.";
  }

  @Override
  public List<String> arguments() {
    return List.of("MOUNTPOINT");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("TOP", INTERVAL, COUNT, LINES));
  }

  @Override
  public String explanation() {
    return """
        The first table shows operations under way, the longest first, and what each waits for:
        metadata, object (the store), lock; nothing is shown while it computes. The second sums up
        what ended since the last screen by process and operation, with the share of the time that
        was spent waiting: in the queue, for metadata, the object store, the cache, locks. Reads
        .running and .accesslog.json, which mounts of jfs have.

        Example:
          jfs top /mnt/jfs --interval 5
        """;
  }

  @Override
  public boolean endsBySignal() {
    return true;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    long interval = options.get(INTERVAL);
    if (interval < 1) {
      throw new UsageException("invalid value for --interval: at least 1");
    }
    String mountPoint = invocation.arguments().get(0);
    Path running = VirtualFile.find(mountPoint, ".running");
    Path ended = VirtualFile.find(mountPoint, ".accesslog.json");
    Activity activity = new Activity();
    Screen screen = Screen.standard(!options.get(GlobalOptions.NO_COLOR));
    int lines = Math.toIntExact(Math.max(1, options.get(LINES)));
    long count = options.get(COUNT);
    follow(ended, activity);
    try {
      for (long shown = 0; count == 0 || shown < count; shown++) {
        TimeUnit.SECONDS.sleep(interval);
        String now = Files.readString(running);
        invocation.out().print(screen.cleared());
        invocation.out().println(activity.shown(screen, now, (double) interval, lines));
        invocation.out().flush();
      }
    } catch (IOException e) {
      throw new CommandException("the mount is gone: " + Causes.oneLine(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  /** The thread ends with the process. */
  private static void follow(Path ended, Activity activity) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines = VirtualFile.lines(ended)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  activity.ended(line);
                }
              } catch (IOException e) {
                log.debug("{} ends", ended, e);
              }
            },
            "top-reader");
    reader.setDaemon(true);
    reader.start();
  }
}
