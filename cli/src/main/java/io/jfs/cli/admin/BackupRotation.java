package io.jfs.cli.admin;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of automatic backups, and which of them have had their time: all of the last two days stay,
 * then the earliest of each day up to two weeks, of each week up to two months, of each 30 days up
 * to two years. Data spec 1.6.
 */
public final class BackupRotation {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String START = "dump-";
  private static final String END = ".json.gz";
  private static final int NAME_LENGTH = 30;
  private static final long DAILY = 2;
  private static final long WEEKLY = 14;
  private static final long MONTHLY = 60;
  private static final long GONE = 730;

  private BackupRotation() {}

  /** The name of a backup that is made now. */
  public static String name(Instant now) {
    return START + STAMP.format(now) + END;
  }

  /** When the backup of that name was made; null if it is none. */
  static @Nullable Instant timeOf(String name) {
    if (name.length() != NAME_LENGTH || !name.startsWith(START) || !name.endsWith(END)) {
      return null;
    }
    String stamp = name.substring(START.length(), NAME_LENGTH - END.length());
    try {
      return LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Those that may go; names of anything else are left alone.
   *
   * @param names in ascending order, so earlier ones first
   */
  public static List<String> outdated(List<String> names, Instant now) {
    Set<Long> kept = new HashSet<>();
    List<String> outdated = new ArrayList<>();
    for (String name : names) {
      Instant made = timeOf(name);
      long age = made == null ? 0 : Duration.between(made, now).toDays();
      if (age >= DAILY && (age >= GONE || !kept.add(window(age)))) {
        outdated.add(name);
      }
    }
    return outdated;
  }

  /** Backups whose ages lie in one window are one too many but for the earliest. */
  private static long window(long ageDays) {
    if (ageDays < WEEKLY) {
      return ageDays;
    }
    return ageDays < MONTHLY ? 1000 + (ageDays - WEEKLY) / 7 : 2000 + (ageDays - MONTHLY) / 30;
  }
}
