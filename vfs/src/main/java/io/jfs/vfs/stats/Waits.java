package io.jfs.vfs.stats;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the operation on one thread waits for, and how long it has waited for each. Written by its
 * thread alone, a few plain writes per wait; read by others without care, who may see a moment ago.
 */
public final class Waits {
  /** What an operation can wait for. */
  public enum Kind {
    /** For a thread to serve it. */
    QUEUE,
    /** For the metadata engine, or its rules to be worked out. */
    METADATA,
    /** For the object store. */
    OBJECT,
    /** For blocks in the cache. */
    CACHE,
    /** For a lock that another holds. */
    LOCK;

    /** The name in logs. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final ThreadLocal<Waits> CURRENT = ThreadLocal.withInitial(Waits::new);

  private final long[] nanos = new long[Kind.values().length];
  private volatile @Nullable Kind now;

  private Waits() {}

  /** Those of the calling thread. */
  public static Waits current() {
    return CURRENT.get();
  }

  /** Another operation begins. */
  public void reset() {
    java.util.Arrays.fill(nanos, 0);
    now = null;
  }

  /** A wait begins; returns what {@link #end} needs. */
  public long begin(Kind kind) {
    now = kind;
    return System.nanoTime();
  }

  /** The wait that began at {@code startNanos} has ended. */
  public void end(Kind kind, long startNanos) {
    now = null;
    add(kind, System.nanoTime() - startNanos);
  }

  /** So much was waited. */
  @SuppressWarnings("EnumOrdinal") // an index in memory, nothing stored
  public void add(Kind kind, long waitedNanos) {
    nanos[kind.ordinal()] += waitedNanos;
  }

  /** How long it has waited. */
  @SuppressWarnings("EnumOrdinal")
  public long nanos(Kind kind) {
    return nanos[kind.ordinal()];
  }

  /** All of them, in the order of {@link Kind}. */
  public long[] copy() {
    return nanos.clone();
  }

  /** What is waited for now; null if nothing. */
  public @Nullable Kind now() {
    return now;
  }
}
