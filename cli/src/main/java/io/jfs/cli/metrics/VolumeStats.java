package io.jfs.cli.metrics;

import static io.jfs.vfs.stats.Metric.counter;
import static io.jfs.vfs.stats.Metric.gauge;

import io.jfs.meta.Meta;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.VolumeUsage;
import io.jfs.meta.txn.TxnMetrics;
import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The volume: how full it is, and what its metadata costs. */
public final class VolumeStats {
  private static final Metric USED_SPACE = gauge("used_space", "Bytes that the volume holds.");
  private static final Metric TOTAL_SPACE = gauge("total_space", "Bytes that it can hold.");
  private static final Metric USED_INODES = gauge("used_inodes", "Inodes that the volume has.");
  private static final Metric TOTAL_INODES = gauge("total_inodes", "Inodes that it can have.");
  private static final Metric SUBDIR =
      gauge("subdir_info", "The directory that is mounted; empty for the whole volume.");
  private static final Metric COMMITS =
      counter("transaction_commits", "Metadata transactions that were committed.");
  private static final Metric CONFLICTS =
      counter("transaction_conflicts", "Commits that were refused because others were quicker.");
  private static final Metric SPECULATIONS =
      counter("transaction_speculations", "Transactions that needed no read.");
  private static final Metric UNKNOWN =
      counter("transaction_unknown_outcomes", "Commits whose answer was lost.");
  private static final Metric ROUND_TRIPS =
      counter("transaction_round_trips", "Requests to the metadata engine.");
  private static final Metric OUTAGES =
      counter("transaction_outages", "Times that the metadata engine was away.");
  private static final Metric RETRIES =
      counter("transaction_retries", "Attempts at a transaction beyond its first.");
  private static final long PATIENCE_MILLIS = 300;

  private VolumeStats() {}

  /** What transactions cost. */
  public static StatsSource transactions(TxnMetrics counts) {
    return sink -> {
      sink.count(COMMITS, counts.commits.sum());
      sink.count(CONFLICTS, counts.conflicts.sum());
      sink.count(RETRIES, counts.retries.sum());
      sink.count(SPECULATIONS, counts.speculations.sum());
      sink.count(UNKNOWN, counts.unknownOutcomes.sum());
      sink.count(ROUND_TRIPS, counts.roundTrips.sum());
      sink.count(OUTAGES, counts.outages.sum());
    };
  }

  /** How full the volume is; what was known last if the engine does not answer at once. */
  public static StatsSource usage(Meta meta, String subdir) {
    return new Usage(meta, subdir);
  }

  private static final class Usage implements StatsSource {
    private final Meta meta;
    private final String subdir;
    private @Nullable VolumeUsage known;
    private @Nullable CompletableFuture<VolumeUsage> asked;

    Usage(Meta meta, String subdir) {
      this.meta = meta;
      this.subdir = subdir;
    }

    @Override
    public void collect(Sink sink) {
      sink.count(SUBDIR, 1, "subdir", subdir);
      VolumeUsage usage = usage();
      if (usage != null) {
        sink.count(USED_SPACE, usage.totalBytes() - usage.availableBytes());
        sink.count(TOTAL_SPACE, usage.totalBytes());
        sink.count(USED_INODES, usage.usedInodes());
        sink.count(TOTAL_INODES, usage.usedInodes() + usage.availableInodes());
      }
    }

    private synchronized @Nullable VolumeUsage usage() {
      CompletableFuture<VolumeUsage> question = asked;
      if (question == null) {
        question = CompletableFuture.supplyAsync(this::ask, Usage::onThread);
        asked = question;
      }
      try {
        known = question.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        asked = null;
      } catch (ExecutionException e) {
        asked = null;
      } catch (TimeoutException e) {
        return known; // and the question stays asked
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return known;
    }

    private VolumeUsage ask() {
      try {
        return meta.usage(Ino.ROOT);
      } catch (FsException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void onThread(Runnable task) {
      Thread thread = new Thread(task, "ask-usage");
      thread.setDaemon(true);
      thread.start();
    }
  }
}
