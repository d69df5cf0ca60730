package io.jfs.meta.engine.kv.etcd;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed request means.
 *
 * @param next what to do about it
 * @param effect what may have become of a commit
 * @param kind for the operation, if nothing helps
 * @param message in plain words
 * @param cause the library's own
 */
record EtcdFailure(Next next, Effect effect, Kind kind, String message, Throwable cause) {
  /** What to do about it. */
  enum Next {
    GIVE_UP,
    TRY_ANOTHER_SERVER,
    AUTHENTICATE_AGAIN,
    READ_ANEW
  }

  /** What may have become of a commit. */
  enum Effect {
    NONE,
    MAYBE_APPLIED
  }

  static EtcdFailure of(StatusRuntimeException e) {
    Status status = e.getStatus();
    String text = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case UNAVAILABLE -> unavailable(text, e);
      case DEADLINE_EXCEEDED -> elsewhere(Effect.MAYBE_APPLIED, "no answer in time", e);
      case CANCELLED -> giveUp(Effect.MAYBE_APPLIED, Kind.TRANSIENT, "interrupted", e);
      case UNAUTHENTICATED -> again(text, e);
      case RESOURCE_EXHAUSTED -> exhausted(text, e);
      case PERMISSION_DENIED -> giveUp(Effect.NONE, Kind.FATAL, "permission denied", e);
      case OUT_OF_RANGE -> compacted(text, e);
      case INVALID_ARGUMENT, FAILED_PRECONDITION -> refused(text, e);
      case UNKNOWN, INTERNAL -> elsewhere(Effect.MAYBE_APPLIED, describe(text, e), e);
      default -> giveUp(Effect.NONE, Kind.FATAL, describe(text, e), e);
    };
  }

  private static EtcdFailure unavailable(String text, StatusRuntimeException e) {
    boolean unsent = isUnsent(e.getCause()) || text.contains("no leader");
    return elsewhere(unsent ? Effect.NONE : Effect.MAYBE_APPLIED, describe(text, e), e);
  }

  private static boolean isUnsent(@Nullable Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof ConnectException || t instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static EtcdFailure exhausted(String text, StatusRuntimeException e) {
    return text.contains("space exceeded")
        ? giveUp(
            Effect.NONE,
            Kind.FULL,
            "the server's space quota is used up (alarm NOSPACE): compact and defragment it or raise"
                + " its quota, then disarm the alarm",
            e)
        : elsewhere(Effect.NONE, describe(text, e), e);
  }

  private static EtcdFailure compacted(String text, StatusRuntimeException e) {
    return new EtcdFailure(Next.READ_ANEW, Effect.NONE, Kind.TRANSIENT, describe(text, e), e);
  }

  private static EtcdFailure refused(String text, StatusRuntimeException e) {
    if (text.contains("auth token") || text.contains("revision in header is old")) {
      return again(text, e);
    }
    if (text.contains("user name is empty")) {
      return giveUp(Effect.NONE, Kind.FATAL, "the server wants a user and a password", e);
    }
    if (text.contains("invalid user ID or password")) {
      return giveUp(Effect.NONE, Kind.FATAL, "wrong user or password", e);
    }
    return giveUp(Effect.NONE, Kind.FATAL, describe(text, e), e);
  }

  private static EtcdFailure again(String text, StatusRuntimeException e) {
    return new EtcdFailure(Next.AUTHENTICATE_AGAIN, Effect.NONE, Kind.FATAL, describe(text, e), e);
  }

  private static EtcdFailure elsewhere(Effect effect, String message, StatusRuntimeException e) {
    return new EtcdFailure(Next.TRY_ANOTHER_SERVER, effect, Kind.TRANSIENT, message, e);
  }

  private static EtcdFailure giveUp(
      Effect effect, Kind kind, String message, StatusRuntimeException e) {
    return new EtcdFailure(Next.GIVE_UP, effect, kind, message, e);
  }

  private static String describe(String text, StatusRuntimeException e) {
    Throwable cause = e.getCause();
    String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    String firstLine = (text.isEmpty() ? e.getStatus().getCode().name() : text) + why;
    return firstLine.lines().findFirst().orElse("");
  }

  EngineException exception(String address) {
    return new EngineException(kind, address + ": " + message, cause);
  }
}
