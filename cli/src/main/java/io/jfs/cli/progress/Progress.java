package io.jfs.cli.progress;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cli.log.LogOutput;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how far a command has come, if that is a terminal, and nothing otherwise:
 * counters count all the same, and {@link Counter#summary} serves for a line in the log.
 *
 * <pre>
 * try (Progress progress = Progress.onStandardError()) {
 *   Counter files = progress.spinner("Scanned files", Unit.COUNT);
 *   Counter bytes = progress.bar("Copied", Unit.BYTES, total);
 *   ... files.increment(); bytes.add(n); ...
 * }
 * </pre>
 *
 * <p>Each counter has a line, in the order in which they were made; a thread of its own draws them
 * a few times a second. Log lines appear above them. Closing draws them for the last time and
 * leaves them there. Thread safe.
 */
public final class Progress implements AutoCloseable {
  private static final long REDRAW_MILLIS = 200;

  private final @Nullable PrintStream terminal;
  private final int columns;
  private final LongSupplier nanoTime;

  @GuardedBy("this")
  private final List<Counter> counters = new ArrayList<>();

  @GuardedBy("this")
  private int linesDrawn;

  @GuardedBy("this")
  private @Nullable Thread painter;

  @GuardedBy("this")
  private boolean closed;

  Progress(@Nullable PrintStream terminal, int columns, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.columns = columns;
    this.nanoTime = nanoTime;
  }

  /** Progress of this command. Only one is open at a time. */
  public static Progress onStandardError() {
    if (!LogOutput.isTerminal()) {
      return silent();
    }
    Progress progress = new Progress(System.err, columns(), System::nanoTime);
    LogOutput.shared().printThrough(progress::printAbove);
    return progress;
  }

  /** Progress that nobody sees. */
  public static Progress silent() {
    return new Progress(null, 0, System::nanoTime);
  }

  private static int columns() {
    String given = System.getenv("COLUMNS");
    return given != null && given.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(given) : 80;
  }

  /** A counter that will come to {@code total}. */
  public Counter bar(String label, Unit unit, long total) {
    return shown(Counter.towards(label, unit, total, nanoTime));
  }

  /** A counter whose end nobody knows. */
  public Counter spinner(String label, Unit unit) {
    return shown(Counter.open(label, unit, nanoTime));
  }

  private synchronized Counter shown(Counter counter) {
    counters.add(counter);
    if (terminal != null && painter == null && !closed) {
      painter = new Thread(this::paint, "jfs-progress");
      painter.setDaemon(true);
      painter.start();
    }
    return counter;
  }

  private synchronized void paint() {
    try {
      while (!closed) {
        draw();
        wait(REDRAW_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @GuardedBy("this")
  private void draw() {
    if (terminal == null || counters.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder(goUp());
    for (Counter counter : counters) {
      text.append("\r\033[K").append(new ProgressLine(counter.snapshot()).text(columns));
      text.append('\n');
    }
    linesDrawn = counters.size();
    terminal.print(text);
    terminal.flush();
  }

  @GuardedBy("this")
  private String goUp() {
    return linesDrawn == 0 ? "" : "\033[" + linesDrawn + "A";
  }

  /** Prints something else on the terminal, above the lines. */
  synchronized void printAbove(Runnable print) {
    if (terminal != null && linesDrawn > 0) {
      terminal.print(goUp() + "\033[J");
      terminal.flush();
      linesDrawn = 0;
    }
    print.run();
    if (!closed) {
      draw();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      counters.forEach(Counter::end);
      draw();
      closed = true;
      linesDrawn = 0;
      notifyAll();
    }
    if (terminal != null) {
      LogOutput.shared().printThrough(Runnable::run);
    }
  }
}
