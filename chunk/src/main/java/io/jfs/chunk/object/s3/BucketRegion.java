package io.jfs.chunk.object.s3;

import io.jfs.chunk.http.HttpClient;
import io.jfs.chunk.http.HttpRequest;
import io.jfs.chunk.http.HttpResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the region of a bucket of which only the name is known, with GetBucketLocation (data format
 * 1.8). A request that is signed for another region may be refused, so several are tried; a refusal
 * often tells the right one, too.
 */
public final class BucketRegion {
  private static final int MAX_ANSWER_BYTES = 64 << 10;
  private static final List<String> SIGNED_FOR = List.of("us-east-1", "cn-north-1");
  private static final Pattern CONSTRAINT =
      Pattern.compile("<LocationConstraint[^>]*?(?:/>|>([^<]*)</LocationConstraint>)");

  private BucketRegion() {}

  /**
   * The location with its region filled in; one that has a region is left as it is.
   *
   * @param proxy HTTP proxy to go through, null for none
   * @throws IOException if the service tells it in no way, with its own words
   */
  public static S3Location located(S3Config config, @Nullable InetSocketAddress proxy, Clock clock)
      throws IOException {
    S3Location location = config.location();
    if (!location.region().isEmpty()) {
      return location;
    }
    try (HttpClient http = S3ObjectStore.connect(location, location.host(), proxy)) {
      IOException refusal = null;
      for (String region : SIGNED_FOR) {
        try {
          return location.withRegion(ask(http, config, region, clock));
        } catch (S3Exception e) {
          refusal = e;
        }
      }
      throw new IOException("cannot find the region of bucket " + location.bucket(), refusal);
    }
  }

  private static String ask(HttpClient http, S3Config config, String signedFor, Clock clock)
      throws IOException {
    S3Location location = config.location();
    String path = "/" + location.bucket();
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("host", location.endpointHost());
    headers.put("user-agent", config.userAgent());
    new SigV4(config.credentials(), signedFor)
        .sign("GET", path, "location=", headers, clock.instant());
    HttpRequest request = new HttpRequest("GET", path + "?location=", headers, null);
    try (HttpClient.Exchange exchange = http.send(request, config.getTimeout())) {
      HttpResponse response = exchange.response();
      String told = response.header("x-amz-bucket-region");
      if (told != null && !told.isEmpty()) {
        return told;
      }
      byte[] body = response.readAll(MAX_ANSWER_BYTES);
      if (response.status() != 200) {
        throw S3Exception.of("GET " + path + "?location", response.status(), body);
      }
      return regionOf(new String(body, StandardCharsets.UTF_8));
    }
  }

  /** What a LocationConstraint names; none is the first region there was. */
  static String regionOf(String answer) throws IOException {
    Matcher matcher = CONSTRAINT.matcher(answer);
    if (!matcher.find()) {
      throw new IOException("not a bucket location: " + answer);
    }
    String region = matcher.group(1) == null ? "" : matcher.group(1).strip();
    return switch (region) {
      case "" -> "us-east-1";
      case "EU" -> "eu-west-1";
      default -> region;
    };
  }
}
