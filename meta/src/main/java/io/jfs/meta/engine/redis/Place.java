package io.jfs.meta.engine.redis;

import static io.jfs.meta.engine.redis.KeyCommand.ascii;

/** Where one value lies: under a key of its own, or in a field of a hash. */
sealed interface Place {
  /** Asks for the value: bytes or nil. */
  KeyCommand read();

  /** Sets the value. */
  KeyCommand write(byte[] value);

  /** Removes the value. */
  KeyCommand remove();

  /** Adds to a decimal number, starting from zero. */
  KeyCommand add(long delta);

  /** Whether there is a value: 1 or 0. */
  KeyCommand exists();

  /** A string under its own key. */
  record OwnKey(String key) implements Place {
    @Override
    public KeyCommand read() {
      return KeyCommand.of(Op.GET, key);
    }

    @Override
    public KeyCommand write(byte[] value) {
      return KeyCommand.of(Op.SET, key, value);
    }

    @Override
    public KeyCommand remove() {
      return KeyCommand.of(Op.DEL, key);
    }

    @Override
    public KeyCommand add(long delta) {
      return KeyCommand.of(Op.INCRBY, key, KeyCommand.decimal(delta));
    }

    @Override
    public KeyCommand exists() {
      return KeyCommand.of(Op.EXISTS, key);
    }
  }

  /** A field of a hash; {@code field} is ASCII. */
  record HashField(String key, String field) implements Place {
    @Override
    public KeyCommand read() {
      return KeyCommand.of(Op.HGET, key, ascii(field));
    }

    @Override
    public KeyCommand write(byte[] value) {
      return KeyCommand.of(Op.HSET, key, ascii(field), value);
    }

    @Override
    public KeyCommand remove() {
      return KeyCommand.of(Op.HDEL, key, ascii(field));
    }

    @Override
    public KeyCommand add(long delta) {
      return KeyCommand.of(Op.HINCRBY, key, ascii(field), KeyCommand.decimal(delta));
    }

    @Override
    public KeyCommand exists() {
      return KeyCommand.of(Op.HEXISTS, key, ascii(field));
    }
  }
}
