package io.jfs.meta.engine.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** A way to one server, used by all threads at once. */
interface Wire extends AutoCloseable {
  /** The answer to a command that was sent; to be awaited once, by the thread that sent it. */
  interface Reply {
    /**
     * Waits for the answer: the elements of an array, or one element. Elements are bytes, a Long,
     * null, or a list of them.
     *
     * @param deadlineNanos when to give up, in {@link System#nanoTime}
     * @throws ExecutionException with the server's refusal or the connection's failure as cause
     * @throws TimeoutException no answer in time
     * @throws InterruptedException the answer can still be awaited
     */
    List<Object> await(long deadlineNanos)
        throws ExecutionException, TimeoutException, InterruptedException;
  }

  /**
   * Sends a command.
   *
   * @param words all that follows the command's name
   * @throws RedisException it was not sent
   */
  Reply send(CommandType command, List<byte[]> words);

  /** Whether the server is, as far as is known, at the other end. */
  boolean isOpen();

  /** Closes without waiting: whoever still waits for an answer fails at once. */
  @Override
  void close();
}
