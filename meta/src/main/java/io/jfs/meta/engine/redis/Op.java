package io.jfs.meta.engine.redis;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The commands that scripts run, numbered from 1 on. */
enum Op {
  GET,
  HGET,
  ZSCORE,
  SISMEMBER,
  EXISTS,
  HEXISTS,
  LRANGE,
  HGETALL,
  HKEYS,
  ZRANGE,
  SMEMBERS,
  HLEN,
  ZCARD,
  SCARD,
  LLEN,
  SET,
  DEL,
  HSET,
  HDEL,
  ZADD,
  ZREM,
  SADD,
  SREM,
  RPUSH,
  LPUSH,
  LTRIM,
  INCRBY,
  HINCRBY,
  /** Not a command of Redis: an entry and the attributes behind it, in the fetch script. */
  ENTRY;

  private static final Map<Op, Integer> NUMBERS = new EnumMap<>(Op.class);

  static {
    for (Op op : values()) {
      NUMBERS.put(op, NUMBERS.size() + 1);
    }
  }

  /** By what a script's plan calls it. */
  int number() {
    return NUMBERS.getOrDefault(this, 0);
  }

  /** The line of Lua that tells a script the commands by number. */
  static String namesInLua() {
    return Arrays.stream(values())
        .map(op -> "'" + op + "'")
        .collect(Collectors.joining(",", "local names = {", "}\n"));
  }
}
