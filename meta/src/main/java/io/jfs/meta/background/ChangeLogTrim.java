package io.jfs.meta.background;

import io.jfs.meta.model.Format;
import io.jfs.meta.model.FsException;
import io.jfs.meta.record.Records.Lease;
import io.jfs.meta.txn.ChangeLog;
import io.jfs.meta.txn.EngineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the beginning of the change log when it is older or longer than the volume's settings say;
 * one client at a time does it for all. Metadata spec 3.6.
 */
public final class ChangeLogTrim {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeLogTrim.class);
  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration LEASE_SPAN = PERIOD.multipliedBy(9).dividedBy(10);
  private static final int PAGE = 1000;

  private final ChangeLog log;
  private final Leases leases;
  private final Supplier<Format> format;
  private final InstantSource clock;

  /** Trims by the volume's settings and the client's clock. */
  public ChangeLogTrim(ChangeLog log, Leases leases, Supplier<Format> format, InstantSource clock) {
    this.log = log;
    this.leases = leases;
    this.format = format;
    this.clock = clock;
  }

  /** Plans it. */
  public void plan(JobRunner jobs) {
    jobs.every("change log", PERIOD, this::underLease);
  }

  private void underLease() {
    try {
      if (format.get().flag("ChangeLog") && leases.take(Lease.CLEANUP_CHANGELOG, LEASE_SPAN)) {
        trim();
      }
    } catch (FsException | EngineException e) {
      LOG.warn("change log: {}", e.getMessage());
    }
  }

  /** Drops what is too old or too much now. */
  public void trim() {
    long mostLines = format.get().number("ChangeLogMaxLines");
    long maxAgeSeconds = format.get().number("ChangeLogMaxAge");
    long size = log.read(0, 1).size();
    long tooMany = mostLines > 0 ? Math.max(0, size - mostLines) : 0;
    long tooOld = maxAgeSeconds > 0 ? before(clock.instant().getEpochSecond() - maxAgeSeconds) : 0;
    long dropped = Math.max(tooMany, tooOld);
    if (dropped > 0) {
      log.dropOldest(dropped);
      LOG.debug("dropped {} lines of the change log", dropped);
    }
  }

  /** How many lines at the beginning were written before a time; a line without one follows. */
  private long before(long unixSeconds) {
    long at = 0;
    while (true) {
      List<byte[]> lines = log.read(at, PAGE).lines();
      if (lines.isEmpty()) {
        return at;
      }
      for (int i = 0; i < lines.size(); i++) {
        if (seconds(lines.get(i)) >= unixSeconds) {
          return at + i;
        }
      }
      at += lines.size();
    }
  }

  private static long seconds(byte[] line) {
    String text = new String(line, StandardCharsets.ISO_8859_1);
    try {
      return Long.parseLong(text.substring(0, Math.max(0, text.indexOf('.'))));
    } catch (NumberFormatException e) {
      return Long.MIN_VALUE;
    }
  }
}
