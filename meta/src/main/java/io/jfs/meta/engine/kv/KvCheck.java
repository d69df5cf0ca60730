package io.jfs.meta.engine.kv;

import org.jspecify.annotations.Nullable;

/**
 * Something that must still hold when a commit happens. A store may refuse although it holds (it
 * may know less than the check says, for example only that a value changed); it must never go on
 * when it does not.
 */
public sealed interface KvCheck {
  /** How to read again what is checked. */
  KvQuery query();

  /** A key has the value that was seen, or is absent as it was. */
  record SameValue(byte[] key, @Nullable KvPair seen) implements KvCheck {
    @Override
    public KvQuery query() {
      return KvQuery.key(key);
    }
  }

  /**
   * A key's value has the bytes in [from, to) that were seen, whatever stands around them; a key
   * that was absent still is.
   */
  record SamePart(byte[] key, @Nullable KvPair seen, int from, int to) implements KvCheck {
    @Override
    public KvQuery query() {
      return KvQuery.key(key);
    }
  }

  /** The keys with a prefix and their values are those that were seen. */
  record SameRows(byte[] prefix, KvRows seen) implements KvCheck {
    @Override
    public KvQuery query() {
      return KvQuery.prefix(prefix);
    }
  }

  /** No key has the prefix. */
  record Empty(byte[] prefix) implements KvCheck {
    @Override
    public KvQuery query() {
      return KvQuery.witness(prefix);
    }
  }

  /** Some key has the prefix; {@code witness} had. */
  record NotEmpty(byte[] prefix, byte[] witness) implements KvCheck {
    @Override
    public KvQuery query() {
      return KvQuery.witness(prefix);
    }
  }
}
