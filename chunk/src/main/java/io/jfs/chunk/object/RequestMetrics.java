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

  private final Map<Method, Counts> counts = new EnumMap<>(Method.class);

  /** All zero. */
  public RequestMetrics() {
    for (Method method : Method.values()) {
      counts.put(method, Counts.zero());
    }
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
    Counts c = of(method);
    c.requests.increment();
    c.nanos.add(nanos);
    c.bytes.add(bytes);
    if (failed) {
      c.errors.increment();
    }
  }
}
