package io.jfs.meta.engine.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** A Lua script that the server runs: resources beside this class, behind the names of commands. */
enum Script {
  COMMIT("commit.lua"),
  FETCH("decimal.lua", "fetch.lua"),
  LIST("list.lua"),
  ENTRIES("decimal.lua", "entries.lua");

  private final String source;
  private final String digest;

  Script(String... resources) {
    source =
        Op.namesInLua() + Arrays.stream(resources).map(Script::load).collect(Collectors.joining());
    digest = sha1(KeyCommand.ascii(source));
  }

  /** The text. */
  byte[] source() {
    return KeyCommand.ascii(source);
  }

  /** What EVALSHA calls it by. */
  byte[] digest() {
    return KeyCommand.ascii(digest);
  }

  private static String load(String resource) {
    try (InputStream in = Script.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
