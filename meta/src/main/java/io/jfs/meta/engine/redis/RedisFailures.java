package io.jfs.meta.engine.redis;

import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What Redis' and the connection's failures mean. */
final class RedisFailures {
  private static final List<String> CORRUPT = List.of("WRONGTYPE", "CORRUPTRECORD");
  private static final List<String> CREDENTIALS = List.of("WRONGPASS", "NOAUTH", "NOPERM");
  private static final List<String> PASSING =
      List.of(
          "LOADING",
          "BUSY",
          "CLUSTERDOWN",
          "MOVED",
          "ASK",
          "TRYAGAIN",
          "MASTERDOWN",
          "NOREPLICAS",
          "MISCONF",
          "UNBLOCKED",
          "UNKILLABLE");

  private final String address;

  /**
   * @param address of the server, masked, for messages
   */
  RedisFailures(String address) {
    this.address = address;
  }

  /** Without the wrappers that futures put around a failure. */
  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Whether the server answered, if only with an error: then a script has written nothing. */
  static boolean isAnswer(Throwable failure) {
    return failure instanceof RedisCommandExecutionException;
  }

  /**
   * The exception that an error answer, or a lost read, becomes.
   *
   * @param replica whether the server is known to be a replica for good
   */
  RuntimeException of(Throwable failure, boolean replica) {
    return isAnswer(failure) ? ofAnswer(text(failure), failure, replica) : ofConnection(failure);
  }

  private RuntimeException ofAnswer(String text, Throwable failure, boolean replica) {
    if (says(text, CORRUPT)) {
      return new CorruptRecordException("corrupt record in " + address + ": " + text);
    } else if (says(text, List.of("OOM"))) {
      return engine(Kind.FULL, "Redis is out of memory", failure);
    } else if (says(text, List.of("READONLY"))) {
      return replica
          ? engine(Kind.READ_ONLY, "this Redis is a replica and takes no writes", failure)
          : engine(Kind.TRANSIENT, "Redis has become a replica", failure);
    } else if (says(text, CREDENTIALS) || text.contains("invalid password")) {
      return engine(Kind.FATAL, "Redis refuses the user or password", failure);
    } else if (says(text, PASSING) || text.contains("max number of clients")) {
      return engine(Kind.TRANSIENT, "Redis is not ready", failure);
    }
    return engine(Kind.FATAL, "Redis refuses a command", failure);
  }

  /**
   * The exception that a failure to connect becomes: wrong credentials and certificates do not pass
   * by themselves.
   */
  RuntimeException ofConnection(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isAnswer(cause)) {
        return ofAnswer(text(cause), failure, false);
      } else if (cause instanceof SSLException) {
        return engine(Kind.FATAL, "no TLS connection to Redis", failure);
      }
    }
    return engine(Kind.TRANSIENT, "no connection to Redis", failure);
  }

  /** An outage that may pass. */
  EngineException transientFailure(String message, @Nullable Throwable cause) {
    return new EngineException(Kind.TRANSIENT, message + " at " + address, cause);
  }

  private EngineException engine(Kind kind, String message, Throwable cause) {
    return new EngineException(kind, message + " at " + address + ": " + root(cause), cause);
  }

  /** The failure that caused all others. */
  static Throwable rootOf(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String root(Throwable failure) {
    Throwable cause = rootOf(failure);
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "" : message;
  }

  /** An error's name stands first, or, out of a script of older servers, behind a dash. */
  private static boolean says(String text, List<String> names) {
    String upper = text.toUpperCase(Locale.ROOT);
    return names.stream()
        .anyMatch(
            name ->
                upper.startsWith(name)
                    || upper.contains(": -" + name)
                    || upper.contains(": " + name)
                    || upper.contains("-" + name + " "));
  }
}
