package io.jfs.meta.engine.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One Redis command on one key.
 *
 * @param op the command
 * @param key with the volume's prefix
 * @param args what follows the key
 */
record KeyCommand(Op op, String key, List<byte[]> args) {
  static KeyCommand of(Op op, String key, byte[]... args) {
    return new KeyCommand(op, key, List.of(args));
  }

  /** ASCII text as Redis takes it. */
  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A number as Redis takes it: decimal text. */
  static byte[] decimal(long number) {
    return ascii(Long.toString(number));
  }
}
