package io.jfs.chunk.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps connections to one endpoint and watches over those in use: a request that takes too long is
 * broken off, and so are requests that an outage has left hanging once the endpoint answers others
 * again. Thread safe.
 */
public final class HttpClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpClient.class);
  private static final int MAX_IDLE = 500;
  private static final long MAX_IDLE_NANOS = Duration.ofSeconds(20).toNanos();
  private static final long HEAD_TIMEOUT_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long STALL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long WATCH_MILLIS = 500;
  private static final long WATCH_OUTAGE_MILLIS = 200;

  private final HttpEndpoint endpoint;
  private final LongSupplier nanoTime;
  private final LinkedBlockingDeque<HttpConnection> idle = new LinkedBlockingDeque<>(MAX_IDLE);
  private final Set<HttpConnection> active = ConcurrentHashMap.newKeySet();
  private final Thread watch;
  private volatile boolean closed;
  private final Probes probes;
  private boolean isOutage; // of the watch thread
  private long lastProbeNanos; // of the watch thread

  /** A client; {@code nanoTime} is a monotonic clock in nanoseconds. */
  public HttpClient(HttpEndpoint endpoint, LongSupplier nanoTime) {
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
    this.probes = new Probes(endpoint, nanoTime, this::wakeWatch);
    this.lastProbeNanos = nanoTime.getAsLong() - STALL_NANOS;
    this.watch = new Thread(this::watch, "http-watch");
    this.watch.setDaemon(true);
    this.watch.start();
  }

  /** An answer whose body may be read until this is closed. */
  public final class Exchange implements AutoCloseable {
    private final HttpConnection connection;
    private final HttpResponse response;

    private Exchange(HttpConnection connection, HttpResponse response) {
      this.connection = connection;
      this.response = response;
    }

    /** The answer. */
    public HttpResponse response() {
      return response;
    }

    @Override
    public void close() {
      boolean reusable = false;
      try {
        reusable = response.drain();
      } catch (IOException e) {
        log.debug("rest of an answer was lost", e);
      }
      finish(connection, reusable);
    }
  }

  /**
   * Sends a request and reads the head of the answer. A connection that the server dropped while it
   * was idle is replaced once.
   *
   * @param timeout for the whole exchange, body included
   */
  public Exchange send(HttpRequest request, Duration timeout) throws IOException {
    long deadline = nanoTime.getAsLong() + timeout.toNanos();
    HttpConnection kept = takeIdle();
    if (kept != null) {
      try {
        return send(kept, request, deadline);
      } catch (IOException e) {
        if (!kept.isStale()) {
          throw e;
        }
        dropIdle(); // the others are likely no better
      }
    }
    return send(new HttpConnection(endpoint.connect(), endpoint, nanoTime), request, deadline);
  }

  private Exchange send(HttpConnection connection, HttpRequest request, long deadline)
      throws IOException {
    connection.begin(deadline);
    activate(connection);
    try {
      return new Exchange(connection, connection.exchange(request));
    } catch (IOException | RuntimeException e) {
      finish(connection, false);
      throw e;
    }
  }

  private @Nullable HttpConnection takeIdle() {
    for (; ; ) {
      HttpConnection kept = idle.pollFirst();
      if (kept == null || nanoTime.getAsLong() - kept.lastProgressNanos() < MAX_IDLE_NANOS) {
        return kept;
      }
      kept.close();
    }
  }

  private void dropIdle() {
    for (HttpConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
      kept.close();
    }
  }

  private void activate(HttpConnection connection) {
    boolean first = active.isEmpty();
    active.add(connection);
    if (first) {
      wakeWatch();
    }
  }

  private void finish(HttpConnection connection, boolean reusable) {
    active.remove(connection);
    if (!reusable || closed || !idle.offerFirst(connection)) {
      connection.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    wakeWatch();
    probes.forget();
    dropIdle();
    active.forEach(connection -> connection.breakOff("client is closed"));
  }

  private void watch() {
    try {
      while (!closed) {
        awaitWork();
        breakOffOverdue();
        expireIdle();
        lookAfterStalled();
      }
    } catch (InterruptedException e) {
      log.debug("http watch ends", e);
    }
  }

  private void awaitWork() throws InterruptedException {
    synchronized (watch) {
      while (!closed && active.isEmpty() && idle.isEmpty()) {
        watch.wait();
      }
      if (!closed) {
        watch.wait(isOutage ? WATCH_OUTAGE_MILLIS : WATCH_MILLIS);
      }
    }
  }

  private void breakOffOverdue() {
    long now = nanoTime.getAsLong();
    for (HttpConnection connection : active) {
      if (now - connection.deadlineNanos() > 0) {
        connection.breakOff("request timed out");
      } else if (connection.awaitsHead()
          && now - connection.lastProgressNanos() > HEAD_TIMEOUT_NANOS) {
        connection.breakOff("no answer within 30 s");
      }
    }
  }

  private void expireIdle() {
    long now = nanoTime.getAsLong();
    for (Iterator<HttpConnection> all = idle.descendingIterator(); all.hasNext(); ) {
      HttpConnection oldest = all.next();
      if (now - oldest.lastProgressNanos() < MAX_IDLE_NANOS) {
        return;
      }
      if (idle.remove(oldest)) {
        oldest.close();
      }
    }
  }

  /**
   * A server may take its time. But if it answered nobody for a while and then a new connection
   * gets an answer, what hung meanwhile hangs for good.
   */
  private void lookAfterStalled() {
    long now = nanoTime.getAsLong();
    boolean stalled =
        active.stream().anyMatch(connection -> now - connection.lastProgressNanos() > STALL_NANOS);
    if (!stalled) {
      isOutage = false;
      probes.forget();
      return;
    }
    probes.breakOffOverdue();
    Long answered = probes.takeAnswered();
    if (answered != null) {
      if (isOutage) {
        active.forEach(connection -> breakOffIfHung(connection, answered));
      }
      isOutage = false;
      probes.forget();
    } else {
      isOutage |= probes.takeFailed();
      long pauseMillis = isOutage ? WATCH_OUTAGE_MILLIS : WATCH_MILLIS;
      boolean isDue = now - lastProbeNanos >= pauseMillis * 1_000_000;
      if (isDue && (isOutage || !probes.isRunning())) {
        lastProbeNanos = now;
        probes.ask();
      }
    }
  }

  private static void breakOffIfHung(HttpConnection connection, long sinceNanos) {
    if (connection.lastProgressNanos() - sinceNanos < 0) {
      connection.breakOff("request hung in an outage that is over");
    }
  }

  private void wakeWatch() {
    synchronized (watch) {
      watch.notifyAll();
    }
  }
}
