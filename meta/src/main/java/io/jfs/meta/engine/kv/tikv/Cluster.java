package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.txn.EngineException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's view of a cluster: what all its reads and transactions share. Thread safe. */
final class Cluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
  private static final int MOST_PUT_OFF = 1024;
  private static final long CLOSING_SECONDS = 5;

  private final Connections connections;
  private final Backoff.Pace pace;
  private final ScheduledThreadPoolExecutor background;

  final Drivers drivers;
  final Timestamps timestamps;
  final RegionClient client;
  final Locks locks;
  final KeySpace keys;

  Cluster(TikvAddress address, Backoff.Pace pace, long timeoutMillis) {
    this.connections = new Connections(address);
    this.pace = pace;
    this.drivers = new Drivers(connections, address.drivers());
    this.timestamps = new Timestamps(drivers);
    this.client = new RegionClient(connections, new Regions(drivers), timeoutMillis);
    this.locks = new Locks(client, timestamps);
    this.keys = new KeySpace(address.prefix());
    this.background =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "jfs-meta-tikv");
              thread.setDaemon(true);
              return thread;
            });
    background.setRemoveOnCancelPolicy(true);
  }

  /**
   * @throws EngineException TRANSIENT if no placement driver that leads answers
   */
  void connect() {
    drivers.connect(backoff());
  }

  String describe() {
    return connections.describe();
  }

  Backoff backoff() {
    return pace.start(describe());
  }

  long nanoTime() {
    return pace.nanoClock().getAsLong();
  }

  TikvSnapshot snapshot(long ts, Backoff backoff) {
    return new TikvSnapshot(client, locks, keys, ts, backoff);
  }

  /**
   * Does what nobody waits for and what others would do in the end: a failure is only logged. Done
   * at once if too much was put off already.
   */
  void later(Runnable task) {
    Runnable quiet = () -> runQuietly(task);
    if (background.getQueue().size() < MOST_PUT_OFF) {
      try {
        background.execute(quiet);
        return;
      } catch (RejectedExecutionException e) {
        LOG.debug("closing: done at once");
      }
    }
    quiet.run();
  }

  /** Does something again and again until it is cancelled. */
  ScheduledFuture<?> every(long millis, Runnable task) {
    return background.scheduleWithFixedDelay(
        () -> runQuietly(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private static void runQuietly(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.debug("left to others: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    background.shutdown();
    try {
      if (!background.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        List<Runnable> left = background.shutdownNow();
        LOG.debug("{} tasks left to others", left.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timestamps.close();
    connections.close();
  }
}
