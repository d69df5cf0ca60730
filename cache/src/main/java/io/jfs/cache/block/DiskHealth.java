package io.jfs.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a disk may be used. Three errors within a minute and it is left alone, until a probe
 * succeeds again.
 */
final class DiskHealth {
  private static final Logger log = LoggerFactory.getLogger(DiskHealth.class);
  private static final int MAX_ERRORS = 3;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration PROBE_PAUSE = Duration.ofSeconds(5);

  private final String name;
  private final InstantSource clock;
  private volatile boolean usable = true;

  @GuardedBy("this")
  private Instant windowStart = Instant.EPOCH;

  @GuardedBy("this")
  private int errors;

  @GuardedBy("this")
  private Instant nextProbe = Instant.EPOCH;

  DiskHealth(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  boolean isUsable() {
    return usable;
  }

  /** Counts an error. */
  synchronized void failed(Exception trouble) {
    Instant now = clock.instant();
    if (now.isAfter(windowStart.plus(WINDOW))) {
      windowStart = now;
      errors = 0;
    }
    errors++;
    if (errors >= MAX_ERRORS && usable) {
      log.warn("cache folder {} fails, doing without it: {}", name, trouble.toString());
      usable = false;
      nextProbe = now.plus(PROBE_PAUSE);
    }
  }

  /** Whether it is time to try a disk that failed. */
  synchronized boolean isProbeDue() {
    return !usable && !clock.instant().isBefore(nextProbe);
  }

  /** The probe failed too. */
  synchronized void stillFailing() {
    nextProbe = clock.instant().plus(PROBE_PAUSE);
  }

  /** The probe succeeded. */
  synchronized void recovered() {
    log.info("cache folder {} works again", name);
    errors = 0;
    windowStart = Instant.EPOCH;
    usable = true;
  }
}
