package io.jfs.meta.engine.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of Lettuce's for all threads, pipelined: for whatever Lettuce can speak over. */
final class SharedWire implements Wire {
  private static final Logger LOG = LoggerFactory.getLogger(SharedWire.class);

  private final StatefulRedisConnection<byte[], byte[]> connection;

  SharedWire(StatefulRedisConnection<byte[], byte[]> connection) {
    this.connection = connection;
  }

  @Override
  public Reply send(CommandType command, List<byte[]> words) {
    CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    words.forEach(args::add);
    RedisFuture<List<Object>> future =
        connection
            .async()
            .dispatch(command, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args);
    return deadline -> answer(future, deadline);
  }

  /** What failed on this connection, or hangs on it, fails or hangs for everyone. */
  private List<Object> answer(RedisFuture<List<Object>> future, long deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      close();
      throw e;
    } catch (ExecutionException e) {
      if (!RedisFailures.isAnswer(RedisFailures.unwrap(e))) {
        close();
      }
      throw e;
    }
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {
    close(connection);
  }

  /** Closes a connection without waiting. */
  static void close(StatefulRedisConnection<byte[], byte[]> connection) {
    connection
        .closeAsync()
        .exceptionally(
            failure -> {
              LOG.debug("closing a connection: {}", failure.toString());
              return null;
            });
  }
}
