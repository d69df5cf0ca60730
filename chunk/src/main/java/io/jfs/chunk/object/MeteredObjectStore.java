package io.jfs.chunk.object;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.jfs.chunk.object.RequestMetrics.Method;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts requests and logs slow ones. */
public final class MeteredObjectStore extends ForwardingObjectStore {
  private static final Logger log = LoggerFactory.getLogger(MeteredObjectStore.class);
  private static final long SLOW_NANOS = Duration.ofSeconds(10).toNanos();

  private final RequestMetrics metrics;
  private final LongSupplier nanoTime;

  /** Owns {@code store}; {@code nanoTime} is a monotonic clock in nanoseconds. */
  public MeteredObjectStore(ObjectStore store, RequestMetrics metrics, LongSupplier nanoTime) {
    super(store);
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  @Override
  public void put(String key, ByteBuffer data, int tier) throws IOException {
    int bytes = data.remaining();
    measure(
        Method.PUT,
        key,
        () -> {
          store().put(key, data, tier);
          return bytes;
        },
        count -> count);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    return measure(Method.GET, key, () -> store().get(key, off, into), count -> count);
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    return measure(Method.HEAD, key, () -> Optional.ofNullable(store().head(key)), found -> 0)
        .orElse(null);
  }

  @Override
  public void delete(String key) throws IOException {
    measure(
        Method.DELETE,
        key,
        () -> {
          store().delete(key);
          return 0;
        },
        count -> 0);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    return measure(Method.LIST, prefix, () -> store().list(prefix, after, limit), found -> 0);
  }

  @FunctionalInterface
  private interface Request<T> {
    T run() throws IOException;
  }

  @CanIgnoreReturnValue
  private <T> T measure(Method method, String key, Request<T> request, ToLongFunction<T> bytes)
      throws IOException {
    long start = nanoTime.getAsLong();
    metrics.begun(method);
    try {
      T answer = request.run();
      count(method, key, bytes.applyAsLong(answer), start, null);
      return answer;
    } catch (IOException | RuntimeException | Error e) {
      count(method, key, 0, start, e);
      throw e;
    }
  }

  private void count(
      Method method, String key, long bytes, long startNanos, @Nullable Throwable trouble) {
    long nanos = nanoTime.getAsLong() - startNanos;
    boolean failed = trouble != null && !(trouble instanceof NoSuchObjectException);
    metrics.count(method, bytes, nanos, failed);
    if (nanos > SLOW_NANOS) {
      String cost = String.format(Locale.ROOT, "%.3fs", nanos / 1e9);
      log.info(
          "slow request: {} {} (err: {}, cost: {})",
          method,
          key,
          trouble == null ? "<nil>" : trouble.toString(),
          cost);
    }
  }
}
