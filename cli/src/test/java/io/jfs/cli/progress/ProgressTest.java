package io.jfs.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final AtomicLong nanos = new AtomicLong();
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

  private Progress progress(int columns) {
    PrintStream terminal = new PrintStream(screen, true, StandardCharsets.UTF_8);
    return new Progress(terminal, columns, nanos::get);
  }

  private static String line(Counter counter) {
    return new ProgressLine(counter.snapshot()).text(200);
  }

  /** What a terminal shows after all that was printed: it knows up, clear to the end, and lines. */
  private String[] shown() {
    StringBuilder lines = new StringBuilder();
    String text = screen.toString(StandardCharsets.UTF_8).replace("\r\033[K", "");
    for (int at = 0; at < text.length(); ) {
      if (text.startsWith("\033[J", at)) {
        at += 3;
      } else if (text.startsWith("\033[", at)) {
        int end = text.indexOf('A', at);
        for (int up = Integer.parseInt(text.substring(at + 2, end)); up > 0; up--) {
          lines.setLength(lines.lastIndexOf("\n", lines.length() - 2) + 1);
        }
        at = end + 1;
      } else {
        lines.append(text.charAt(at++));
      }
    }
    return lines.toString().split("\n");
  }

  @Test
  void aBarSaysHowMuchIsDoneAndLeft() {
    Counter copied = Counter.towards("Copied", Unit.BYTES, 8 << 20, nanos::get);
    assertThat(line(copied))
        .isEqualTo("Copied [>-----------------------]   0%  0 B / 8.0 MiB  0 B/s  used 0.0s");
    copied.add(2 << 20);
    nanos.addAndGet(2_000_000_000);
    assertThat(line(copied))
        .isEqualTo(
            "Copied [======>-----------------]  25%  2.0 MiB / 8.0 MiB  1.0 MiB/s  left 6.0s");
    copied.set(8 << 20);
    nanos.addAndGet(6_000_000_000L);
    copied.end();
    nanos.addAndGet(6_000_000_000L);
    assertThat(line(copied))
        .isEqualTo(
            "Copied [========================] 100%  8.0 MiB / 8.0 MiB  1.0 MiB/s  used 8.0s");
    assertThat(copied.summary()).isEqualTo("Copied: 8.0 MiB of 8.0 MiB in 8.0s, 1.0 MiB/s");
  }

  @Test
  void aTotalThatIsWrongDoesNotBreakTheBar() {
    Counter none = Counter.towards("Files", Unit.COUNT, 0, nanos::get);
    assertThat(line(none)).contains("] 100%  0 / 0");
    none.add(3);
    nanos.addAndGet(100_000_000_000L);
    assertThat(line(none)).contains("] 100%  3 / 0  0.0/s  left 0.0s");
  }

  @Test
  void aSpinnerTurnsUntilItEndsOrLearnsItsTotal() {
    Counter files = Counter.open("Scanned files", Unit.COUNT, nanos::get);
    files.increment();
    nanos.addAndGet(200_000_000);
    assertThat(line(files)).isEqualTo("Scanned files / 1  5.0/s  used 0.2s");
    files.add(99_999);
    nanos.addAndGet(3_999_800_000_000L);
    assertThat(line(files)).isEqualTo("Scanned files | 100000  25/s  used 1:06:40");
    files.total(200_000);
    assertThat(line(files)).contains(" 50%  100000 / 200000  25/s  left 1:06:40");
    files.end();
    assertThat(files.summary()).isEqualTo("Scanned files: 100000 of 200000 in 1:06:40, 25/s");
  }

  @Test
  void linesAreRedrawnInPlaceAndOthersPrintAboveThem() {
    Progress progress = progress(80);
    Counter files = progress.spinner("Files", Unit.COUNT);
    Counter bytes = progress.bar("Bytes", Unit.BYTES, 100);
    files.add(3);
    PrintStream terminal = new PrintStream(screen, true, StandardCharsets.UTF_8);
    progress.printAbove(() -> terminal.println("a log line"));
    bytes.add(100);
    progress.printAbove(() -> terminal.println("another"));
    progress.close();
    progress.close();
    assertThat(shown())
        .containsExactly(
            "a log line",
            "another",
            "Files = 3  0.0/s  used 0.0s",
            "Bytes [========================] 100%  100 B / 100 B  0 B/s  used 0.0s");
  }

  @Test
  void aNarrowTerminalCutsLines() {
    try (Progress progress = progress(12)) {
      progress.spinner("A long label", Unit.COUNT).increment();
    }
    assertThat(shown()).containsExactly("A long labe");
  }

  @Test
  void withoutATerminalThereIsSilence() {
    PrintStream before = System.err;
    System.setErr(new PrintStream(screen, true, StandardCharsets.UTF_8));
    try (Progress progress = Progress.silent()) {
      Counter files = progress.bar("Files", Unit.COUNT, 2);
      files.increment();
      assertThat(files.value()).isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    assertThat(screen.size()).isZero();
  }
}
