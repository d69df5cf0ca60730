package io.jfs.meta.engine.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Open connections of one volume, used by all threads at once. */
final class RedisConnections {
  private static final Logger LOG = LoggerFactory.getLogger(RedisConnections.class);

  private final StatefulRedisConnection<byte[], byte[]> main;
  private final StatefulRedisConnection<byte[], byte[]> bulk;
  private final @Nullable StatefulRedisConnection<byte[], byte[]> replica;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param main for operations: small requests, pipelined
   * @param bulk for listings, whose large answers would hold operations up
   * @param replica for reads that need not go to the master; null to read there
   */
  RedisConnections(
      StatefulRedisConnection<byte[], byte[]> main,
      StatefulRedisConnection<byte[], byte[]> bulk,
      @Nullable StatefulRedisConnection<byte[], byte[]> replica) {
    this.main = main;
    this.bulk = bulk;
    this.replica = replica;
  }

  /** Which connection a command takes. */
  enum Lane {
    WRITE,
    READ,
    LIST
  }

  /** The connection for a lane. */
  StatefulRedisConnection<byte[], byte[]> of(Lane lane) {
    return switch (lane) {
      case WRITE -> main;
      case READ -> replica == null ? main : replica;
      case LIST -> replica == null ? bulk : replica;
    };
  }

  /** Closes without waiting, once: whoever still waits for an answer fails at once. */
  void close() {
    if (closed.compareAndSet(false, true)) {
      all().forEach(RedisConnections::close);
    }
  }

  /** Closes one connection without waiting. */
  static void close(StatefulRedisConnection<byte[], byte[]> connection) {
    connection
        .closeAsync()
        .exceptionally(
            failure -> {
              LOG.debug("closing a connection: {}", failure.toString());
              return null;
            });
  }

  /** Whether all connections are up. */
  boolean isOpen() {
    return !closed.get() && main.isOpen() && bulk.isOpen() && (replica == null || replica.isOpen());
  }

  private Stream<StatefulRedisConnection<byte[], byte[]>> all() {
    return Stream.of(main, bulk, replica).flatMap(Stream::ofNullable);
  }
}
