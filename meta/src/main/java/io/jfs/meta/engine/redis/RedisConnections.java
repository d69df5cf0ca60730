package io.jfs.meta.engine.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open connections of one volume, used by all threads at once.
 *
 * @param main for operations: small requests, pipelined
 * @param bulk for listings, whose large answers would hold operations up
 * @param replica for reads that need not go to the master; null to read there
 */
record RedisConnections(
    StatefulRedisConnection<byte[], byte[]> main,
    StatefulRedisConnection<byte[], byte[]> bulk,
    @Nullable StatefulRedisConnection<byte[], byte[]> replica) {

  private static final Logger LOG = LoggerFactory.getLogger(RedisConnections.class);

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

  /** Closes without waiting: whoever still waits for an answer fails at once. */
  void close() {
    all().forEach(RedisConnections::close);
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
    return all().stream().allMatch(StatefulRedisConnection::isOpen);
  }

  private List<StatefulRedisConnection<byte[], byte[]>> all() {
    return Stream.of(main, bulk, replica).flatMap(Stream::ofNullable).toList();
  }
}
