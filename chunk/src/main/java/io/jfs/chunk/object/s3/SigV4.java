package io.jfs.chunk.object.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests with AWS Signature Version 4 for S3, payload unsigned: the bytes are protected by
 * a checksum header, which is signed, and cost no SHA-256. Thread safe.
 */
final class SigV4 {
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final HexFormat HEX = HexFormat.of();
  private static final HexFormat HEX_UPPER = HexFormat.of().withUpperCase();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** A signing key serves for a day. */
  private record DayKey(String day, SecretKeySpec key) {}

  private final S3Credentials credentials;
  private final String region;
  private volatile @Nullable DayKey dayKey;

  SigV4(S3Credentials credentials, String region) {
    this.credentials = credentials;
    this.region = region;
  }

  /**
   * Adds to {@code headers} what S3 wants to see, the signature last.
   *
   * @param path percent-encoded
   * @param query canonical: encoded, sorted
   * @param headers names in lower case; all of them are signed
   */
  void sign(
      String method, String path, String query, SortedMap<String, String> headers, Instant now) {
    String time = TIME.format(now);
    headers.put("x-amz-content-sha256", UNSIGNED);
    headers.put("x-amz-date", time);
    if (!credentials.sessionToken().isEmpty()) {
      headers.put("x-amz-security-token", credentials.sessionToken());
    }
    if (credentials.isAnonymous()) {
      return;
    }
    String names = String.join(";", headers.keySet());
    String canonical =
        method
            + "\n"
            + path
            + "\n"
            + query
            + "\n"
            + lines(headers)
            + "\n"
            + names
            + "\n"
            + UNSIGNED;
    String day = time.substring(0, 8);
    String scope = day + "/" + region + "/s3/aws4_request";
    String text = ALGORITHM + "\n" + time + "\n" + scope + "\n" + HEX.formatHex(sha256(canonical));
    String signature = HEX.formatHex(hmac(keyOf(day), text));
    headers.put(
        "authorization",
        ALGORITHM
            + " Credential="
            + credentials.accessKey()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + signature);
  }

  private static String lines(SortedMap<String, String> headers) {
    return headers.entrySet().stream().map(SigV4::line).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(Map.Entry<String, String> header) {
    return header.getKey() + ":" + header.getValue().strip();
  }

  private SecretKeySpec keyOf(String day) {
    DayKey known = dayKey;
    if (known != null && known.day.equals(day)) {
      return known.key;
    }
    byte[] secret = ("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8);
    SecretKeySpec key = key(hmac(key(secret), day));
    for (String part : new String[] {region, "s3", "aws4_request"}) {
      key = key(hmac(key, part));
    }
    dayKey = new DayKey(day, key);
    return key;
  }

  private static SecretKeySpec key(byte[] bytes) {
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  private static byte[] hmac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Percent-encodes all but unreserved characters (RFC 3986) and slashes. */
  static String encodePath(String key) {
    StringBuilder out = new StringBuilder(key.length() + 16);
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        HEX_UPPER.toHexDigits(out.append('%'), b);
      }
    }
    return out.toString();
  }
}
