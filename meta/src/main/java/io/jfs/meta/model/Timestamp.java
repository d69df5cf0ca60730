package io.jfs.meta.model;

import java.time.Instant;

/**
 * A time stamp of an inode: seconds since the epoch, possibly negative, and nanoseconds
 * 0..999,999,999.
 *
 * @param seconds since 1970-01-01T00:00:00Z, negative before
 * @param nanos 0..999,999,999, always counted forward from {@code seconds}
 */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
  /** The epoch. */
  public static final Timestamp EPOCH = new Timestamp(0, 0);

  /** The same moment as an Instant. */
  public static Timestamp of(Instant instant) {
    return new Timestamp(instant.getEpochSecond(), instant.getNano());
  }

  /** Milliseconds from {@code earlier} to this, saturating. */
  public long millisSince(Timestamp earlier) {
    long s = seconds - earlier.seconds;
    if (s > Long.MAX_VALUE / 2000 || s < Long.MIN_VALUE / 2000) {
      return s > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    return s * 1000 + (nanos - earlier.nanos) / 1_000_000;
  }

  @Override
  public int compareTo(Timestamp other) {
    int c = Long.compare(seconds, other.seconds);
    return c != 0 ? c : Integer.compare(nanos, other.nanos);
  }
}
