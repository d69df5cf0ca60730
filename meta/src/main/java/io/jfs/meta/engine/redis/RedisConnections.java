package io.jfs.meta.engine.redis;

import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ways to the servers of one volume, used by all threads at once. */
final class RedisConnections {
  private final Wire main;
  private final Wire bulk;
  private final @Nullable Wire replica;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param main for operations
   * @param bulk for listings, whose large answers must not hold operations up; may be the same
   * @param replica for reads that need not go to the master; null to read there
   */
  RedisConnections(Wire main, Wire bulk, @Nullable Wire replica) {
    this.main = main;
    this.bulk = bulk;
    this.replica = replica;
  }

  /** Which way a command takes. */
  enum Lane {
    WRITE,
    READ,
    LIST
  }

  /** Sends a command, as {@link Wire#send}. */
  Wire.Reply send(Lane lane, CommandType command, List<byte[]> words) {
    return of(lane).send(command, words);
  }

  private Wire of(Lane lane) {
    return switch (lane) {
      case WRITE -> main;
      case READ -> replica == null ? main : replica;
      case LIST -> replica == null ? bulk : replica;
    };
  }

  /** Closes without waiting, once: whoever still waits for an answer fails at once. */
  void close() {
    if (closed.compareAndSet(false, true)) {
      all().forEach(Wire::close);
    }
  }

  /** Whether all connections are up. */
  boolean isOpen() {
    return !closed.get() && all().allMatch(Wire::isOpen);
  }

  private Stream<Wire> all() {
    return Stream.of(main, bulk, replica).flatMap(Stream::ofNullable).distinct();
  }
}
