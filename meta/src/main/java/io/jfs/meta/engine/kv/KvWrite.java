package io.jfs.meta.engine.kv;

import org.jspecify.annotations.Nullable;

/** One change of a store. */
public sealed interface KvWrite {
  /** Sets a key. */
  record Put(byte[] key, byte[] value) implements KvWrite {}

  /** Removes a key; absent is fine. */
  record Delete(byte[] key) implements KvWrite {}

  /** Removes all keys with a prefix; puts that follow in the same commit stay. */
  record DeletePrefix(byte[] prefix) implements KvWrite {}

  /** Sets a key to something made of what it holds at that moment. */
  record Edit(byte[] key, Change change) implements KvWrite {}

  /** Makes a new value of the stored one; null is absent, both ways. Pure: may run repeatedly. */
  @FunctionalInterface
  interface Change {
    byte @Nullable [] apply(byte @Nullable [] stored);
  }
}
