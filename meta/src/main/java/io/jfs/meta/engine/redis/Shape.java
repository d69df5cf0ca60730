package io.jfs.meta.engine.redis;

import static io.jfs.meta.engine.redis.KeyCommand.ascii;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Redis types that hold tables: what each one's commands are, and how its answers read. */
enum Shape {
  HASH(Op.HLEN, "HSCAN") {
    @Override
    KeyCommand read(String key, byte[] field) {
      return KeyCommand.of(Op.HGET, key, field);
    }

    @Override
    KeyCommand readAll(String key) {
      return KeyCommand.of(Op.HGETALL, key);
    }

    @Override
    KeyCommand write(String key, byte[] field, byte[] value) {
      return KeyCommand.of(Op.HSET, key, field, value);
    }

    @Override
    KeyCommand remove(String key, byte[] field) {
      return KeyCommand.of(Op.HDEL, key, field);
    }
  },
  SORTED_SET(Op.ZCARD, "ZSCAN") {
    @Override
    KeyCommand read(String key, byte[] field) {
      return KeyCommand.of(Op.ZSCORE, key, field);
    }

    @Override
    KeyCommand readAll(String key) {
      return KeyCommand.of(Op.ZRANGE, key, ascii("0"), ascii("-1"), ascii("WITHSCORES"));
    }

    @Override
    KeyCommand write(String key, byte[] field, byte[] value) {
      return KeyCommand.of(Op.ZADD, key, value, field);
    }

    @Override
    KeyCommand remove(String key, byte[] field) {
      return KeyCommand.of(Op.ZREM, key, field);
    }
  },
  SET(Op.SCARD, "SSCAN") {
    @Override
    KeyCommand read(String key, byte[] field) {
      return KeyCommand.of(Op.SISMEMBER, key, field);
    }

    @Override
    KeyCommand readAll(String key) {
      return KeyCommand.of(Op.SMEMBERS, key);
    }

    @Override
    KeyCommand write(String key, byte[] field, byte[] value) {
      return KeyCommand.of(Op.SADD, key, field);
    }

    @Override
    KeyCommand remove(String key, byte[] field) {
      return KeyCommand.of(Op.SREM, key, field);
    }

    @Override
    byte @Nullable [] value(@Nullable Object answer) {
      return Long.valueOf(1).equals(answer) ? MEMBER : null;
    }

    @Override
    Object answerFor(byte @Nullable [] value) {
      return value == null ? 0L : 1L;
    }

    @Override
    List<RawRow> rows(List<?> flat) {
      List<RawRow> rows = new ArrayList<>(flat.size());
      flat.forEach(member -> rows.add(new RawRow((byte[]) member, MEMBER)));
      return rows;
    }
  };

  private static final byte[] MEMBER = {'1'};

  /** A field and its value as they came. */
  record RawRow(byte[] field, byte[] value) {}

  private final Op sizeOp;
  private final String scanCommand;

  Shape(Op sizeOp, String scanCommand) {
    this.sizeOp = sizeOp;
    this.scanCommand = scanCommand;
  }

  abstract KeyCommand read(String key, byte[] field);

  abstract KeyCommand readAll(String key);

  abstract KeyCommand write(String key, byte[] field, byte[] value);

  abstract KeyCommand remove(String key, byte[] field);

  /** The number of fields. */
  KeyCommand size(String key) {
    return KeyCommand.of(sizeOp, key);
  }

  /** Name of the command that iterates. */
  String scanCommand() {
    return scanCommand;
  }

  /** The stored value in the answer to {@link #read}; null if absent. */
  byte @Nullable [] value(@Nullable Object answer) {
    return (byte[]) answer;
  }

  /** What {@link #read} would answer for a stored value. */
  @Nullable Object answerFor(byte @Nullable [] value) {
    return value;
  }

  /** The rows in the answer to {@link #readAll} or in a page of the iterator. */
  List<RawRow> rows(List<?> flat) {
    List<RawRow> rows = new ArrayList<>(flat.size() / 2);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      rows.add(new RawRow((byte[]) flat.get(i), (byte[]) flat.get(i + 1)));
    }
    return rows;
  }
}
