package io.jfs.chunk.object.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.UnaryOperator;

/**
 * The parts of a {@code --bucket} value.
 *
 * @param tls whether its scheme is https
 * @param host host
 * @param port port, or -1
 * @param firstSegment first segment of the path, or empty
 * @param secondSegment second one, or empty
 * @param options query
 */
record BucketUrl(
    boolean tls,
    String host,
    int port,
    String firstSegment,
    String secondSegment,
    BucketOptions options) {

  /**
   * Reads a value; {@code defaultScheme} answers the scheme for a host if none is given.
   *
   * @throws IllegalArgumentException if it is no URL
   */
  static BucketUrl parse(String value, UnaryOperator<String> defaultScheme) {
    String text = value.strip();
    if (!text.contains("://")) {
      String host = text.split("[/?:]", 2)[0];
      text = defaultScheme.apply(host) + "://" + text;
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("invalid bucket " + value, e);
    }
    String authority = uri.getRawAuthority(); // getHost() refuses underscores
    if (authority == null || authority.isEmpty()) {
      throw new IllegalArgumentException("invalid bucket " + value);
    }
    String scheme = uri.getScheme();
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("invalid scheme of bucket " + value);
    }
    String rest = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = rest.lastIndexOf(':');
    boolean hasPort = colon > rest.lastIndexOf(']');
    String[] segments = uri.getPath() == null ? new String[0] : uri.getPath().split("/");
    return new BucketUrl(
        scheme.equals("https"),
        hasPort ? rest.substring(0, colon) : rest,
        hasPort ? Integer.parseInt(rest, colon + 1, rest.length(), 10) : -1,
        segments.length > 1 ? segments[1] : "",
        segments.length > 2 ? segments[2] : "",
        BucketOptions.parse(uri.getRawQuery() == null ? "" : uri.getRawQuery()));
  }
}
