package io.jfs.cli.progress;

import java.util.Locale;

/** What one counter looks like. */
final class ProgressLine {
  private static final int BAR = 24;
  private static final String SPINNER = "|/-\\";
  private static final long SPIN_NANOS = 200_000_000;

  private final Counter.Snapshot at;

  ProgressLine(Counter.Snapshot at) {
    this.at = at;
  }

  /** A line for a terminal of this width, without its end. */
  String text(int columns) {
    String line = at.hasTotal() ? bar() : spinner();
    return line.length() < columns ? line : line.substring(0, Math.max(columns - 1, 0));
  }

  /** What is left to say at the end. */
  String summary() {
    String of = at.hasTotal() ? " of " + at.unit().amount(at.total()) : "";
    return String.format(
        Locale.ROOT,
        "%s: %s%s in %s, %s/s",
        at.label(),
        at.unit().amount(at.value()),
        of,
        duration(at.elapsedNanos()),
        rate());
  }

  private String bar() {
    double part = at.total() == 0 ? 1 : Math.min(1, (double) at.value() / at.total());
    int full = (int) Math.floor(part * BAR);
    String arrow = full < BAR ? ">" : "";
    return String.format(
        Locale.ROOT,
        "%s [%s%s%s] %3.0f%%  %s / %s  %s/s  %s",
        at.label(),
        "=".repeat(full),
        arrow,
        "-".repeat(BAR - full - arrow.length()),
        Math.floor(part * 100),
        at.unit().amount(at.value()),
        at.unit().amount(at.total()),
        rate(),
        at.ended() || at.value() <= 0 ? "used " + duration(at.elapsedNanos()) : left());
  }

  private String spinner() {
    char turn = SPINNER.charAt((int) (at.elapsedNanos() / SPIN_NANOS % SPINNER.length()));
    return String.format(
        Locale.ROOT,
        "%s %c %s  %s/s  used %s",
        at.label(),
        at.ended() ? '=' : turn,
        at.unit().amount(at.value()),
        rate(),
        duration(at.elapsedNanos()));
  }

  private String left() {
    double rest = (double) Math.max(at.total() - at.value(), 0) / at.value();
    return "left " + duration((long) (rest * at.elapsedNanos()));
  }

  private String rate() {
    double rate = at.perSecond();
    return at.unit() == Unit.COUNT && rate < 10
        ? String.format(Locale.ROOT, "%.1f", rate)
        : at.unit().amount(Math.round(rate));
  }

  private static String duration(long nanos) {
    long seconds = nanos / 1_000_000_000;
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1fs", nanos / 1e9);
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
