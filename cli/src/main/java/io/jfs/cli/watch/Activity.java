package io.jfs.cli.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cli.watch.Screen.Style;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code jfs top} shows: operations under way, and those that ended lately. Thread safe. */
public final class Activity {
  private static final List<String> WAITS = List.of("queue", "metadata", "object", "cache", "lock");

  private record Key(int pid, String operation) {}

  /** Sum of one process' operations of one name. */
  private static final class Total {
    private final double[] waited = new double[WAITS.size()];
    private long count;
    private double seconds;
    private double slowest = -1;
    private String path = "";

    void add(LoggedOperation operation) {
      count++;
      seconds += operation.seconds();
      for (int i = 0; i < waited.length; i++) {
        waited[i] += operation.waited(WAITS.get(i));
      }
      if (operation.seconds() > slowest) {
        slowest = operation.seconds();
        path = operation.path();
      }
    }
  }

  @GuardedBy("this")
  private Map<Key, Total> totals = new HashMap<>();

  /** Takes a line of {@code .accesslog.json}. */
  public synchronized void ended(String line) {
    LoggedOperation operation = LoggedOperation.parse(line);
    if (operation != null) {
      totals
          .computeIfAbsent(new Key(operation.pid(), operation.operation()), key -> new Total())
          .add(operation);
    }
  }

  /**
   * Both tables; what ended is counted anew afterwards.
   *
   * @param running the text of {@code .running}
   * @param seconds how long it was counted
   * @param maxLines of each table
   */
  public String shown(Screen screen, String running, double seconds, int maxLines) {
    return under(screen, running, maxLines) + "\n" + ended(screen, seconds, maxLines);
  }

  private static String under(Screen screen, String running, int maxLines) {
    List<LoggedOperation> operations = new ArrayList<>();
    for (String line : running.split("\n")) {
      LoggedOperation operation = LoggedOperation.parse(line);
      // Our own question is always under way; nobody wants to see it.
      if (operation != null && operation.pid() != ProcessHandle.current().pid()) {
        operations.add(operation);
      }
    }
    operations.sort(Comparator.comparingDouble(operation -> -operation.seconds()));
    StringBuilder text = new StringBuilder();
    text.append(
        heading(
            screen,
            "%8s %-16s %-15s %9s  %-9s %s",
            "NOW PID",
            "COMMAND",
            "OPERATION",
            "SECONDS",
            "WAITS FOR",
            "PATH"));
    for (LoggedOperation operation : operations.subList(0, Math.min(maxLines, operations.size()))) {
      text.append(
          String.format(
              Locale.ROOT,
              "%8d %-16s %-15s %9.3f  %-9s %s%n",
              operation.pid(),
              command(operation.pid()),
              operation.operation(),
              operation.seconds(),
              operation.waitsFor(),
              operation.path()));
    }
    return text.toString();
  }

  private String ended(Screen screen, double seconds, int maxLines) {
    Map<Key, Total> counted;
    synchronized (this) {
      counted = totals;
      totals = new HashMap<>();
    }
    StringBuilder text = new StringBuilder();
    text.append(
        heading(
            screen,
            "%8s %-16s %-15s %9s %9s %6s %6s %6s %6s %6s  %s",
            "PID",
            "COMMAND",
            "OPERATION",
            "PER SEC",
            "MEAN MS",
            "QUEUE%",
            "META%",
            "OBJ%",
            "CACHE%",
            "LOCK%",
            "PATH (SLOWEST)"));
    counted.entrySet().stream()
        .filter(entry -> entry.getKey().pid != ProcessHandle.current().pid())
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue().seconds))
        .limit(maxLines)
        .forEach(entry -> text.append(line(entry.getKey(), entry.getValue(), seconds)));
    return text.toString();
  }

  private static String heading(Screen screen, String format, Object... titles) {
    return screen.styled(Style.HEADING, String.format(Locale.ROOT, format, titles)) + "\n";
  }

  private static String line(Key key, Total total, double seconds) {
    StringBuilder shares = new StringBuilder();
    for (double waited : total.waited) {
      double share = total.seconds == 0 ? 0 : 100 * waited / total.seconds;
      shares.append(String.format(Locale.ROOT, " %6.1f", share));
    }
    return String.format(
        Locale.ROOT,
        "%8d %-16s %-15s %9.1f %9.3f%s  %s%n",
        key.pid,
        command(key.pid),
        key.operation,
        total.count / seconds,
        1000 * total.seconds / total.count,
        shares,
        total.path);
  }

  /** The name of a process; "-" if it is gone, or the kernel's own. */
  private static String command(int pid) {
    try {
      Path comm = Path.of("/proc", Integer.toString(pid), "comm");
      return Files.readString(comm, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      return "-";
    }
  }
}
