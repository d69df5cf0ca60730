package io.jfs.meta.txn;

import org.jspecify.annotations.Nullable;

/**
 * The engine cannot do what it was asked to: an outage, not an answer. The message says what
 * failed, on what, without secrets.
 */
public final class EngineException extends RuntimeException {
  /** What it means for the operation that met it. */
  public enum Kind {
    /**
     * Connection, leader, time-out: may pass; waited out as long as the mount's patience says, then
     * EIO.
     */
    TRANSIENT,
    /** The engine has no room left: ENOSPC. */
    FULL,
    /** The engine takes no writes: EROFS. */
    READ_ONLY,
    /** Wrong credentials, wrong address, broken file: will not pass by itself; EIO at once. */
    FATAL
  }

  private final Kind kind;

  /** With the engine's own failure as cause. */
  public EngineException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What it means. */
  public Kind kind() {
    return kind;
  }
}
