package io.jfs.meta.engine.redis;

import io.jfs.meta.engine.GoDuration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the question mark of a Redis address. Unknown options are ignored: other
 * clients' drivers have some of their own. Spec vfs-cli 3.2.
 *
 * @param database of a Unix socket's address
 * @param minRetryBackoff first pause between attempts to connect
 * @param maxRetryBackoff longest such pause
 * @param readTimeout how long an answer is waited for
 * @param writeTimeout how long sent bytes may stay unacknowledged
 * @param readRoute where reads of a read-only mount go
 * @param tls certificates
 */
record RedisOptions(
    int database,
    Duration minRetryBackoff,
    Duration maxRetryBackoff,
    Duration readTimeout,
    Duration writeTimeout,
    ReadRoute readRoute,
    Tls tls) {

  /** Which server answers reads. */
  enum ReadRoute {
    MASTER,
    RANDOM,
    LATENCY,
    REPLICA
  }

  /**
   * TLS settings.
   *
   * @param skipVerify whether any certificate of the server will do
   * @param certFile this client's certificate, PEM; null for none
   * @param keyFile its key, PEM (PKCS#8); null for none
   * @param caFile whom to trust, PEM; null for what Java trusts
   * @param serverName whose certificate is expected; null for the host in the address
   */
  record Tls(
      boolean skipVerify,
      @Nullable String certFile,
      @Nullable String keyFile,
      @Nullable String caFile,
      @Nullable String serverName) {}

  static RedisOptions parse(Map<String, String> written) {
    Map<String, String> options = new HashMap<>();
    written.forEach((name, value) -> options.put(name.replace('_', '-'), value));
    return new RedisOptions(
        number(options.getOrDefault("db", "0")),
        duration(options, "min-retry-backoff", Duration.ofMillis(20)),
        duration(options, "max-retry-backoff", Duration.ofSeconds(10)),
        duration(options, "read-timeout", Duration.ofSeconds(30)),
        duration(options, "write-timeout", Duration.ofSeconds(5)),
        route(options.getOrDefault("route-read", "")),
        new Tls(
            isTrue(options.get("insecure-skip-verify")),
            options.get("tls-cert-file"),
            options.get("tls-key-file"),
            options.get("tls-ca-cert-file"),
            options.get("tls-server-name")));
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null
        && (value.isEmpty() || value.equalsIgnoreCase("true") || value.equals("1"));
  }

  private static int number(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: " + text, e);
    }
  }

  private static ReadRoute route(String name) {
    return switch (name) {
      case "random" -> ReadRoute.RANDOM;
      case "latency" -> ReadRoute.LATENCY;
      case "replica" -> ReadRoute.REPLICA;
      default -> ReadRoute.MASTER;
    };
  }

  private static Duration duration(Map<String, String> options, String name, Duration otherwise) {
    String text = options.get(name);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      return GoDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a duration: " + name + "=" + text, e);
    }
  }
}
