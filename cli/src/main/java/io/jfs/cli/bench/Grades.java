package io.jfs.cli.bench;

import io.jfs.cli.watch.Screen.Style;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What counts as fast and as slow, in the reference's judgement: the colours of its tables.
 *
 * @param slow below that a rate is slow, in the row's unit
 * @param fast above that it is fast
 * @param shortMillis a latency below that is short
 * @param longMillis one above that is long
 */
record Grades(double slow, double fast, double shortMillis, double longMillis) {
  private static final Grades SMALL = new Grades(10, 30, 30, 100);

  private static final Map<String, Grades> BY_ITEM =
      Map.of(
          "upload objects", new Grades(100, 150, 50, 150),
          "download objects", new Grades(100, 150, 50, 150),
          "put small objects", SMALL,
          "get small objects", SMALL,
          "head objects", SMALL,
          "delete objects", SMALL,
          "list objects", new Grades(1000, 10_000, 100, 200));

  private static final Map<String, Grades> BY_FILE_ITEM =
      Map.of(
          "Write big file", new Grades(100, 200, 10_000, 50_000),
          "Read big file", new Grades(100, 200, 10_000, 50_000),
          "Write small file", new Grades(12.5, 20, 50, 80),
          "Read small file", new Grades(50, 100, 10, 20),
          "Stat file", new Grades(20, 1000, 1, 5));

  /** Those of a row; null if there are none. */
  static @Nullable Grades of(String item) {
    Grades grades = BY_ITEM.get(item);
    return grades == null ? BY_FILE_ITEM.get(item) : grades;
  }

  /** Style of a rate, in the row's unit. */
  Style ofRate(double rate) {
    return rate > fast ? Style.GREEN : rate > slow ? Style.YELLOW : Style.RED;
  }

  /** Style of a latency. */
  Style ofLatency(double nanos) {
    double millis = nanos / 1e6;
    return millis < shortMillis ? Style.GREEN : millis < longMillis ? Style.YELLOW : Style.RED;
  }
}
