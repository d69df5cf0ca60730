package io.jfs.meta.engine.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.engine.redis.RedisConnections.Lane;
import io.jfs.meta.txn.EngineException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands and waits for answers. Connects when something has to be sent and no connection is
 * there; drops the connections when nothing can be sent over one of them and when the server turns
 * out to be the wrong one. Never sends anything twice.
 */
final class RedisLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(1);

  private final RedisUrl url;
  private final RedisConnector connector;
  private final RedisFailures failures;
  private final ServerFacts facts;

  /** Whether the server knows scripts that must not write. */
  private final boolean canSeal;

  private final LongSupplier nanoClock;
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable RedisConnections current;
  private volatile boolean closed;

  @GuardedBy("connecting")
  private @Nullable RuntimeException lastFailure;

  @GuardedBy("connecting")
  private long nextAttemptNanos;

  @GuardedBy("connecting")
  private long backoffNanos;

  /**
   * Connects for the first time.
   *
   * @throws EngineException TRANSIENT if there is no server, FATAL if it refuses
   */
  RedisLink(RedisUrl url, RedisConnector connector, LongSupplier nanoClock) {
    this.url = url;
    this.connector = connector;
    this.nanoClock = nanoClock;
    this.failures = new RedisFailures(url.masked());
    try {
      this.facts = connector.facts();
      this.canSeal = facts.majorVersion() >= 7;
      this.current = connector.connect(isCluster());
    } catch (RuntimeException e) {
      throw failures.ofConnection(e);
    }
  }

  /** What the server said about itself when it was first met. */
  ServerFacts facts() {
    return facts;
  }

  RedisFailures failures() {
    return failures;
  }

  boolean isCluster() {
    return url.kind() == RedisUrl.Kind.CLUSTER || facts.isCluster();
  }

  /** Shortest of a few round trips. */
  long pingNanos() {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      List<Object> unused = read(send(Lane.WRITE, CommandType.PING, List.of(), List.of()));
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  /**
   * Tells the server all scripts, so that none of them costs a second trip when it is first called.
   * A server that takes them only when they are called, or forgets them, is told then.
   */
  void loadScripts() {
    if (isCluster()) {
      return; // commands without a key have no node there
    }
    List<Sent> sent = new ArrayList<>();
    try {
      for (Script script : Script.values()) {
        List<byte[]> words = List.of(KeyCommand.ascii("LOAD"), script.source());
        sent.add(send(Lane.WRITE, CommandType.SCRIPT, List.of(), words));
      }
      for (Sent one : sent) {
        List<Object> unused = read(one);
      }
    } catch (EngineException e) {
      LOG.debug("scripts are sent with their first calls: {}", e.getMessage());
    }
  }

  // ---- connections ----

  private RedisConnections connections() {
    RedisConnections open = current;
    return open != null && open.isOpen() ? open : reconnect();
  }

  private RedisConnections reconnect() {
    connecting.lock();
    try {
      RedisConnections open = current;
      if (open != null && open.isOpen()) {
        return open;
      }
      if (closed) {
        throw new EngineException(EngineException.Kind.FATAL, "closed: " + url, null);
      }
      RuntimeException failure = lastFailure;
      if (failure != null && nanoClock.getAsLong() - nextAttemptNanos < 0) {
        throw failures.ofConnection(failure);
      }
      return attempt();
    } finally {
      connecting.unlock();
    }
  }

  @GuardedBy("connecting")
  private RedisConnections attempt() {
    drop(current);
    try {
      RedisConnections opened = connector.connect(isCluster());
      current = opened;
      lastFailure = null;
      backoffNanos = 0;
      LOG.info("connected to {} again", url);
      return opened;
    } catch (RuntimeException e) {
      lastFailure = e;
      long longest = min(url.options().maxRetryBackoff(), LONGEST_BACKOFF).toNanos();
      backoffNanos =
          Math.min(longest, Math.max(url.options().minRetryBackoff().toNanos(), 2 * backoffNanos));
      nextAttemptNanos = nanoClock.getAsLong() + backoffNanos;
      throw failures.ofConnection(e);
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void drop(@Nullable RedisConnections broken) {
    if (broken != null) {
      broken.close();
    }
  }

  // ---- sending ----

  /** A request that was sent, with the connections it went out on. */
  final class Sent {
    private final RedisConnections connections;
    private final Wire.Reply reply;

    private Sent(RedisConnections connections, Wire.Reply reply) {
      this.connections = connections;
      this.reply = reply;
    }

    /**
     * The answer: the elements of an array, or one element.
     *
     * @throws LostAnswer if it may or may not have been carried out
     * @throws RuntimeException as {@link RedisFailures} says, if the server refused
     */
    List<Object> await() throws LostAnswer, RedisNoScriptException {
      boolean interrupted = false;
      long deadline = System.nanoTime() + url.options().readTimeout().toNanos();
      try {
        while (true) {
          try {
            return reply.await(deadline);
          } catch (InterruptedException e) {
            // The commit is on its way: its outcome must be known before anything else happens.
            interrupted = true;
          }
        }
      } catch (TimeoutException e) {
        throw new LostAnswer(failures.transientFailure("no answer in time from Redis", e));
      } catch (ExecutionException e) {
        throw failed(RedisFailures.unwrap(e));
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private LostAnswer failed(Throwable failure) {
      if (failure instanceof RedisNoScriptException noScript) {
        throw noScript;
      }
      RuntimeException translated = failures.of(failure, isReplicaForGood());
      if (!RedisFailures.isAnswer(failure)) {
        return new LostAnswer(translated);
      }
      if (translated instanceof EngineException e
          && e.kind() == EngineException.Kind.TRANSIENT
          && isWrongServer(failure)) {
        drop(connections);
      }
      throw translated;
    }
  }

  private boolean isReplicaForGood() {
    return facts.isReplica() && !isCluster() && url.kind() != RedisUrl.Kind.SENTINEL;
  }

  private static boolean isWrongServer(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    return text.contains("READONLY") || text.contains("MOVED") || text.contains("CLUSTERDOWN");
  }

  /** The answer to something that was sent did not come: it may have been carried out. */
  static final class LostAnswer extends Exception {
    private final RuntimeException meaning;

    private LostAnswer(RuntimeException meaning) {
      super(meaning);
      this.meaning = meaning;
    }

    /** What it means for a read, which can be repeated. */
    RuntimeException meaning() {
      return meaning;
    }
  }

  /** Sends one command. */
  Sent send(Lane lane, CommandType type, List<byte[]> keys, List<byte[]> values) {
    List<byte[]> words = new ArrayList<>(keys.size() + values.size());
    words.addAll(keys);
    words.addAll(values);
    return dispatch(lane, type, words);
  }

  /** Calls a script by its digest. */
  Sent call(Lane lane, Script script, List<byte[]> keys, List<byte[]> values) {
    boolean sealed = lane != Lane.WRITE && canSeal;
    CommandType type = sealed ? CommandType.EVALSHA_RO : CommandType.EVALSHA;
    return dispatch(lane, type, words(script.digest(), keys, values));
  }

  /** Calls a script by its text: the server then knows its digest. */
  Sent callWhole(Lane lane, Script script, List<byte[]> keys, List<byte[]> values) {
    return dispatch(lane, CommandType.EVAL, words(script.source(), keys, values));
  }

  private static List<byte[]> words(byte[] script, List<byte[]> keys, List<byte[]> values) {
    List<byte[]> words = new ArrayList<>(2 + keys.size() + values.size());
    words.add(script);
    words.add(KeyCommand.decimal(keys.size()));
    words.addAll(keys);
    words.addAll(values);
    return words;
  }

  private Sent dispatch(Lane lane, CommandType type, List<byte[]> words) {
    RedisConnections connections = connections();
    try {
      return new Sent(connections, connections.send(lane, type, words));
    } catch (RedisException e) {
      drop(connections);
      throw failures.ofConnection(e);
    }
  }

  // ---- reading ----

  /** Runs a read script to its answer, loading it if the server does not know it. */
  List<Object> read(Lane lane, Script script, List<byte[]> keys, List<byte[]> values) {
    return read(call(lane, script, keys, values), () -> callWhole(lane, script, keys, values));
  }

  /** Waits for a script's answer, sending it whole if the server does not know it. */
  List<Object> read(Sent sent, Supplier<Sent> whole) {
    try {
      try {
        return sent.await();
      } catch (RedisNoScriptException e) {
        return whole.get().await();
      }
    } catch (LostAnswer e) {
      throw e.meaning();
    }
  }

  /** Waits for a command's answer. */
  List<Object> read(Sent sent) {
    try {
      return sent.await();
    } catch (LostAnswer e) {
      throw e.meaning();
    }
  }

  @Override
  public void close() {
    closed = true;
    connector.close();
  }
}
