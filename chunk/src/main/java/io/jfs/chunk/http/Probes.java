package io.jfs.chunk.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an endpoint, by connections of their own, whether it answers anybody. Several questions may
 * be on their way, so that one that hangs does not delay the next. Used by one thread, which is
 * told when there is news.
 */
final class Probes {
  private static final Logger log = LoggerFactory.getLogger(Probes.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final HttpEndpoint endpoint;
  private final LongSupplier nanoTime;
  private final Runnable news;
  private final Set<Probe> running = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicReference<@Nullable Long> answered = new AtomicReference<>();

  Probes(HttpEndpoint endpoint, LongSupplier nanoTime, Runnable news) {
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
    this.news = news;
  }

  /** Whether a question is on its way. */
  boolean isRunning() {
    return !running.isEmpty();
  }

  /** Asks once more. */
  void ask() {
    Probe probe = new Probe(nanoTime.getAsLong());
    running.add(probe);
    Thread thread = new Thread(probe, "http-probe");
    thread.setDaemon(true);
    thread.start();
  }

  /** Gives up on questions that are not answered in time. */
  void breakOffOverdue() {
    long now = nanoTime.getAsLong();
    running.stream()
        .filter(probe -> now - probe.startNanos > TIMEOUT.toNanos())
        .forEach(probe -> probe.end(false));
  }

  /** Whether a question was refused or not answered in time since the last call. */
  boolean takeFailed() {
    return failed.getAndSet(false);
  }

  /**
   * When a question was asked that has been answered since the last call; null if there is none.
   */
  @Nullable Long takeAnswered() {
    return answered.getAndSet(null);
  }

  /** Whatever is on its way no longer matters. */
  void forget() {
    List<Probe> forgotten = List.copyOf(running);
    running.clear();
    forgotten.forEach(Probe::closeTransport);
    failed.set(false);
    answered.set(null);
  }

  private final class Probe implements Runnable {
    private final long startNanos;
    private final AtomicReference<@Nullable Transport> transport = new AtomicReference<>();

    Probe(long startNanos) {
      this.startNanos = startNanos;
    }

    @Override
    public void run() {
      boolean isAnswered = false;
      try {
        Transport connected = endpoint.connect(TIMEOUT, TIMEOUT);
        transport.set(connected);
        isAnswered = running.contains(this) && ask(connected);
      } catch (IOException e) {
        log.debug("probe failed", e);
      } finally {
        end(isAnswered);
        closeTransport(); // also one that connected after its end
      }
    }

    private boolean ask(Transport connected) throws IOException {
      String ask = "HEAD / HTTP/1.1\r\nhost: " + endpoint.host() + "\r\nconnection: close\r\n\r\n";
      connected.write(ByteBuffer.wrap(ask.getBytes(StandardCharsets.US_ASCII)));
      return connected.read(ByteBuffer.allocate(64)) > 0;
    }

    /** The first outcome counts. */
    void end(boolean isAnswered) {
      if (!running.remove(this)) {
        return;
      }
      if (isAnswered) {
        answered.set(startNanos);
      } else {
        failed.set(true);
        closeTransport();
      }
      news.run();
    }

    void closeTransport() {
      Transport connected = transport.getAndSet(null);
      if (connected != null) {
        connected.close();
      }
    }
  }
}
