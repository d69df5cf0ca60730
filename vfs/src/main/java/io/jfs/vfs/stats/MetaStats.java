package io.jfs.vfs.stats;

import static io.jfs.vfs.stats.Metric.counter;
import static io.jfs.vfs.stats.Metric.histogram;

import io.jfs.meta.txn.TxnMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what metadata is asked for and what its transactions cost. {@link MeteredMeta} reports the
 * operations; the transactions report themselves. Thread safe and cheap.
 */
public final class MetaStats implements StatsSource, TxnMetrics.Listener {
  private static final Metric COUNT = counter("meta_ops_total", "Operations on metadata.");
  private static final Metric SECONDS =
      counter("meta_ops_duration_seconds", "Time that operations on metadata took.");
  private static final Metric ALL =
      histogram("meta_ops_durations_histogram_seconds", "Latency of operations on metadata.");
  private static final Metric TRANSACTIONS =
      histogram("transaction_durations_histogram_seconds", "Latency of metadata transactions.");
  private static final Metric RESTARTS =
      counter("transaction_restart", "Attempts at a transaction beyond its first.");
  private static final ThreadLocal<@Nullable MetaOp> CURRENT = new ThreadLocal<>();

  private record Counts(LongAdder count, LongAdder nanos, LongAdder restarts) {}

  private final Map<MetaOp, Counts> counts = new EnumMap<>(MetaOp.class);
  private final Histogram all = Histogram.seconds(1e-4, 1.5, 30);
  private final Histogram transactions = Histogram.seconds(1e-4, 1.5, 30);

  /** Nothing counted yet. */
  public MetaStats() {
    for (MetaOp op : MetaOp.values()) {
      counts.put(op, new Counts(new LongAdder(), new LongAdder(), new LongAdder()));
    }
  }

  private Counts of(MetaOp op) {
    return Objects.requireNonNull(counts.get(op));
  }

  /** The calling thread begins an operation; returns what {@link #ended} needs. */
  long begun(MetaOp op) {
    CURRENT.set(op);
    return Waits.current().begin(Waits.Kind.METADATA);
  }

  void ended(MetaOp op, long startNanos) {
    CURRENT.set(null);
    Waits.current().end(Waits.Kind.METADATA, startNanos);
    long durationNanos = System.nanoTime() - startNanos;
    Counts ended = of(op);
    ended.count.increment();
    ended.nanos.add(durationNanos);
    all.observe(durationNanos);
  }

  @Override
  public void transactionEnded(long durationNanos) {
    transactions.observe(durationNanos);
  }

  @Override
  public void transactionRestarts() {
    MetaOp op = CURRENT.get();
    of(op == null ? MetaOp.BACKGROUND : op).restarts.increment();
  }

  @Override
  public void collect(Sink sink) {
    for (MetaOp op : MetaOp.values()) {
      long count = of(op).count.sum();
      if (count > 0) {
        sink.count(COUNT, count, "method", op.text());
        sink.value(SECONDS, of(op).nanos.sum() / 1e9, "method", op.text());
      }
      long restarts = of(op).restarts.sum();
      if (restarts > 0) {
        sink.count(RESTARTS, restarts, "method", op.text());
      }
    }
    sink.histogram(ALL, all.observed());
    sink.histogram(TRANSACTIONS, transactions.observed());
  }
}
