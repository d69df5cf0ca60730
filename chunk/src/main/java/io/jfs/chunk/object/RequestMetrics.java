package io.jfs.chunk.object;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts of requests to the object store, by method. For binding to a metrics registry. */
public final class RequestMetrics {
  /** What was asked of the store. */
  public enum Method {
    /** Reads. */
    GET,
    /** Writes. */
    PUT,
    /** Removals. */
    DELETE,
    /** Questions about one object. */
    HEAD,
    /** Listings. */
    LIST
  }

  /**
   * Counts of one method.
   *
   * @param requests all, failed ones too
   * @param errors failed ones
   * @param bytes moved
   * @param nanos time spent
   */
  public record Counts(LongAdder requests, LongAdder errors, LongAdder bytes, LongAdder nanos) {
    static Counts zero() {
      return new Counts(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  /** Hears of each request when it has ended, on the thread that made it; must be quick. */
  @FunctionalInterface
  public interface Listener {
    /** A request ended, well or not. */
    void ended(Method method, long durationNanos);
  }

  private final Map<Method, Counts> counts = new EnumMap<>(Method.class);
  private final Map<Method, LongAdder> running = new EnumMap<>(Method.class);
  private final Listener listener;

  /** All zero; nobody listens. */
  public RequestMetrics() {
    this((method, nanos) -> {});
  }

  /** All zero. */
  public RequestMetrics(Listener listener) {
    this.listener = listener;
    for (Method method : Method.values()) {
      counts.put(method, Counts.zero());
      running.put(method, new LongAdder());
    }
  }

  /** How many requests of a method are under way. */
  public long running(Method method) {
    return runningOf(method).sum();
  }

  private LongAdder runningOf(Method method) {
    LongAdder found = running.get(method);
    if (found == null) {
      throw new IllegalArgumentException("no counts for " + method);
    }
    return found;
  }

  void begun(Method method) {
    runningOf(method).increment();
  }

  /** Live counts of a method. */
  public Counts of(Method method) {
    Counts found = counts.get(method);
    if (found == null) {
      throw new IllegalArgumentException("no counts for " + method);
    }
    return found;
  }

  void count(Method method, long bytes, long nanos, boolean failed) {
    runningOf(method).decrement();
    listener.ended(method, nanos);
    Counts c = of(method);
    c.requests.increment();
    c.nanos.add(nanos);
    c.bytes.add(bytes);
    if (failed) {
      c.errors.increment();
    }
  }
}
