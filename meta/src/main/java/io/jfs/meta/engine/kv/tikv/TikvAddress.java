package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.engine.GoDuration;
import io.jfs.meta.engine.HostPort;
import io.jfs.meta.engine.MetaUrl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An address {@code tikv://pd1[:2379][,pd2...][/prefix][?ca=&cert=&key=&verify-cn=&gc-interval=]}.
 * Spec metadata 4.1.
 *
 * @param text for people
 * @param drivers the placement drivers, at least one
 * @param prefix of all keys of the volume: the path without leading slashes, and 0xFD
 * @param tls null for plain connections
 * @param history how long versions stay that newer ones have replaced; zero: this client drops none
 */
record TikvAddress(
    String text, List<HostPort> drivers, byte[] prefix, @Nullable Tls tls, Duration history) {
  private static final Duration SHORTEST_HISTORY = Duration.ofHours(1);
  private static final String DEFAULT_HISTORY = "3h";
  private static final int DEFAULT_PORT = 2379;
  private static final byte PREFIX_END = (byte) 0xFD;

  /**
   * How to trust and be trusted.
   *
   * @param commonNames of servers that may be talked to; empty: any that the CA vouches for
   */
  record Tls(
      Path caCertificates,
      @Nullable Path certificate,
      @Nullable Path key,
      Set<String> commonNames) {}

  static TikvAddress of(MetaUrl url) {
    byte[] path = url.path().replaceFirst("^/+", "").getBytes(StandardCharsets.UTF_8);
    byte[] prefix = Arrays.copyOf(path, path.length + 1);
    prefix[path.length] = PREFIX_END;
    return new TikvAddress(
        url.masked(), url.hostPorts(DEFAULT_PORT), prefix, tls(url), history(url));
  }

  /** At least an hour, as in the reference, so that no reader loses what it reads. */
  private static Duration history(MetaUrl url) {
    String text = url.option("gc-interval", DEFAULT_HISTORY);
    try {
      Duration history = GoDuration.parse(text);
      return history.isZero() || history.compareTo(SHORTEST_HISTORY) > 0
          ? history
          : SHORTEST_HISTORY;
    } catch (IllegalArgumentException e) {
      throw url.invalid("gc-interval is no duration: " + text);
    }
  }

  private static @Nullable Tls tls(MetaUrl url) {
    Path ca = url.readableFile("ca");
    Path certificate = url.readableFile("cert");
    Path key = url.readableFile("key");
    if ((certificate == null) != (key == null)) {
      throw url.invalid("cert and key go together");
    }
    Set<String> names =
        Stream.of(url.option("verify-cn", "").split(","))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (ca != null) {
      return new Tls(ca, certificate, key, names);
    }
    if (certificate != null || !names.isEmpty()) {
      throw url.invalid("cert, key and verify-cn need a ca");
    }
    return null;
  }
}
