package io.jfs.meta.engine.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One Redis command on one key.
 *
 * @param name of the command
 * @param key with the volume's prefix
 * @param args what follows the key
 */
record KeyCommand(String name, String key, List<byte[]> args) {
  static KeyCommand of(String name, String key, byte[]... args) {
    return new KeyCommand(name, key, List.of(args));
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
