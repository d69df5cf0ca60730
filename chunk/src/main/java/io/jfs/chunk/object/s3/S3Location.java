package io.jfs.chunk.object.s3;

import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a bucket is, read from the value of {@code --bucket} (data format 1.8).
 *
 * @param tls whether to speak TLS
 * @param host name or address of the endpoint, without the bucket
 * @param port port, or -1 for the scheme's
 * @param bucket bucket name
 * @param region region for signing, or empty if it must be asked for
 * @param style where the bucket's name goes
 * @param options query parameters of the value
 */
public record S3Location(
    boolean tls,
    String host,
    int port,
    String bucket,
    String region,
    Style style,
    BucketOptions options) {

  /** Where the bucket's name goes. */
  public enum Style {
    /** Before the path: {@code host/bucket/key}. */
    PATH,
    /** Before the host: {@code bucket.host/key}. */
    VIRTUAL_HOST
  }

  private static final String AMAZON = ".amazonaws.com";
  private static final String DEFAULT_REGION = "us-east-1";
  private static final Pattern ORACLE =
      Pattern.compile(".*\\.compat\\.objectstorage\\.([^.]+)\\.oraclecloud\\.com");
  private static final Pattern OVH = Pattern.compile("s3\\.([^.]+)(\\..+)?\\.cloud\\.ovh\\.net");

  /**
   * Reads a bucket of storage {@code s3}.
   *
   * @param environment looks up environment variables
   * @throws IllegalArgumentException if it is none
   */
  public static S3Location ofS3(String value, Function<String, @Nullable String> environment) {
    BucketUrl url = BucketUrl.parse(value, S3Location::defaultScheme);
    String host = url.host();
    if (!url.firstSegment().isEmpty()) {
      boolean amazon = isAmazon(host);
      String region = amazon ? regionOfHost(host) : regionOfCustom(host, environment);
      return at(url, host, url.firstSegment(), region, environment);
    }
    int dot = host.indexOf('.');
    if (dot < 0) { // a bucket alone
      String region = firstOf(environment, "AWS_DEFAULT_REGION");
      String endpoint = "s3" + (region.isEmpty() ? "" : "." + region) + AMAZON;
      return at(url, endpoint, host, region, environment);
    }
    if (host.endsWith(".vpce" + AMAZON)) {
      String label = host.substring(0, host.indexOf(".vpce"));
      String region = label.substring(label.lastIndexOf('.') + 1);
      return at(url, host.substring(dot + 1), host.substring(0, dot), region, environment);
    }
    int s3 = host.indexOf(".s3");
    if (isAmazon(host) && s3 > 0) {
      String endpoint = host.substring(s3 + 1);
      return at(url, endpoint, host.substring(0, s3), regionOfHost(endpoint), environment);
    }
    String endpoint = host.substring(dot + 1);
    String region = regionOfCustom(endpoint, environment);
    return at(url, endpoint, host.substring(0, dot), region, environment);
  }

  /**
   * Reads a bucket of storage {@code minio}: {@code http(s)://HOST[:PORT]/BUCKET}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static S3Location ofMinio(String value, Function<String, @Nullable String> environment) {
    BucketUrl url = BucketUrl.parse(value, host -> "http");
    String bucket = url.firstSegment();
    if (bucket.equals("minio") && !url.secondSegment().isEmpty()) {
      bucket = url.secondSegment();
    }
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("no bucket name provided in " + value);
    }
    String region = url.options().region();
    if (region.isEmpty()) {
      region = firstOf(environment, "MINIO_REGION");
    }
    return at(url, url.host(), bucket, region.isEmpty() ? DEFAULT_REGION : region, environment);
  }

  private static S3Location at(
      BucketUrl url,
      String endpoint,
      String bucket,
      String region,
      Function<String, @Nullable String> environment) {
    String virtualHost = firstOf(environment, "JFS_S3_VHOST_STYLE").toLowerCase(Locale.ROOT);
    boolean asked =
        !virtualHost.isEmpty() && !virtualHost.equals("0") && !virtualHost.equals("false");
    boolean certifiable = !url.tls() || !bucket.contains("."); // certificates cover one label
    boolean amazon = isAmazon(endpoint) && certifiable;
    Style style = amazon || asked ? Style.VIRTUAL_HOST : Style.PATH;
    return new S3Location(url.tls(), endpoint, url.port(), bucket, region, style, url.options());
  }

  private static String defaultScheme(String host) {
    return host.contains(".") && !isAmazon(host) ? "http" : "https";
  }

  private static boolean isAmazon(String host) {
    return host.endsWith(AMAZON) || host.equals("amazonaws.com") || host.endsWith(AMAZON + ".cn");
  }

  /** {@code s3[-.][dualstack.]REGION.amazonaws.com}. */
  static String regionOfHost(String host) {
    String rest = host;
    if (rest.startsWith("s3-") || rest.startsWith("s3.")) {
      rest = rest.substring(3);
    }
    if (rest.startsWith("dualstack.")) {
      rest = rest.substring("dualstack.".length());
    }
    if (rest.equals("amazonaws.com")) {
      return DEFAULT_REGION;
    }
    String label = rest.substring(0, Math.max(rest.indexOf('.'), 0));
    return label.equals("external-1") ? DEFAULT_REGION : label;
  }

  private static String regionOfCustom(
      String host, Function<String, @Nullable String> environment) {
    for (Pattern pattern : new Pattern[] {ORACLE, OVH}) {
      Matcher matcher = pattern.matcher(host);
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    String region = firstOf(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
    return region.isEmpty() ? DEFAULT_REGION : region;
  }

  private static String firstOf(Function<String, @Nullable String> environment, String... names) {
    for (String name : names) {
      String value = environment.apply(name);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  /** The same bucket, once its region is known. */
  S3Location withRegion(String found) {
    String endpoint = isAmazon(host) && region.isEmpty() ? "s3." + found + AMAZON : host;
    return new S3Location(tls, endpoint, port, bucket, found, style, options);
  }

  /** Host to connect to. */
  String connectHost() {
    return style == Style.VIRTUAL_HOST ? bucket + "." + host : host;
  }

  /** Port to connect to. */
  int connectPort() {
    return port > 0 ? port : tls ? 443 : 80;
  }

  /** Value of the Host header of requests that are not for the bucket. */
  String endpointHost() {
    return port > 0 ? host + ":" + port : host;
  }

  /** Value of the Host header. */
  String hostHeader() {
    return port > 0 ? connectHost() + ":" + port : connectHost();
  }

  /** What stands before the key in a request's path. */
  String pathPrefix() {
    return style == Style.VIRTUAL_HOST ? "/" : "/" + bucket + "/";
  }

  /** The endpoint as a URL without bucket. */
  String endpointUrl() {
    return (tls ? "https://" : "http://") + host + (port > 0 ? ":" + port : "");
  }
}
