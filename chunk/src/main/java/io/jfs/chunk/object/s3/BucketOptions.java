package io.jfs.chunk.object.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Query parameters of a bucket's URL.
 *
 * @param region {@code region}, or empty
 * @param checksum whether objects carry a checksum ({@code disable-checksum=true} is against it)
 * @param trustAnyServer {@code tls-insecure-skip-verify}
 * @param caCerts {@code ca-certs}: file of trusted certificates, or empty
 * @param clientCert {@code ssl-cert}: file of the client's certificate, or empty
 * @param clientKey {@code ssl-key}: file of its key, or empty
 */
public record BucketOptions(
    String region,
    boolean checksum,
    boolean trustAnyServer,
    String caCerts,
    String clientCert,
    String clientKey) {

  static BucketOptions parse(String query) {
    Map<String, String> values = new HashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
      }
    }
    return new BucketOptions(
        values.getOrDefault("region", ""),
        !isTrue(values.getOrDefault("disable-checksum", "")),
        isTrue(values.getOrDefault("tls-insecure-skip-verify", "")),
        values.getOrDefault("ca-certs", ""),
        values.getOrDefault("ssl-cert", ""),
        values.getOrDefault("ssl-key", ""));
  }

  /** Whether the client shows a certificate of its own. */
  boolean hasClientCertificate() {
    return !caCerts.isEmpty() && !clientCert.isEmpty() && !clientKey.isEmpty();
  }

  private static String decode(String value) {
    return URLDecoder.decode(value, StandardCharsets.UTF_8);
  }

  private static boolean isTrue(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "1", "t", "true" -> true;
      default -> false;
    };
  }
}
