package io.jfs.chunk.object.s3;

import io.jfs.chunk.http.HttpClient;
import io.jfs.chunk.http.HttpEndpoint;
import io.jfs.chunk.http.HttpRequest;
import io.jfs.chunk.http.HttpResponse;
import io.jfs.chunk.object.KeyOrder;
import io.jfs.chunk.object.NoSpaceException;
import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.StorageTiers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Objects in a bucket of S3 or something that speaks like it. Objects carry their CRC-32C as user
 * metadata, which is checked whenever one is read as a whole (data format 2.2).
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final String CHECKSUM = "x-amz-meta-crc32c";

  private final S3Config config;
  private final S3Location location;
  private final SigV4 signer;
  private final HttpClient http;
  private final MinioControl control;
  private final Clock clock;

  /**
   * Opens a bucket; asks nothing yet.
   *
   * @param proxy HTTP proxy to go through, null for none
   */
  public S3ObjectStore(S3Config config, @Nullable InetSocketAddress proxy, Clock clock)
      throws IOException {
    this.config = config;
    this.location = config.location();
    this.signer = new SigV4(config.credentials(), location.region());
    this.control = new MinioControl(config);
    this.clock = clock;
    this.http = connect(location, location.connectHost(), proxy);
  }

  static HttpClient connect(S3Location location, String host, @Nullable InetSocketAddress proxy)
      throws IOException {
    SSLSocketFactory tls =
        location.tls() ? TlsOptions.of(location.options()).context().getSocketFactory() : null;
    boolean verify = !location.options().trustAnyServer();
    return new HttpClient(
        new HttpEndpoint(host, location.connectPort(), tls, verify, proxy), System::nanoTime);
  }

  @Override
  public String describe() {
    return config.scheme() + "://" + location.hostHeader() + location.pathPrefix();
  }

  /**
   * Only a whole object can be checked against its checksum. So parts are read alone only where
   * nothing can change them on the way (TLS), or where the bucket's URL does without checks.
   */
  @Override
  public boolean hasCheapRanges() {
    return location.tls() || !location.options().checksum();
  }

  /** Asks first: who may not make buckets may still use one that is there. */
  @Override
  public void create() throws IOException {
    try (HttpClient.Exchange exchange = send("HEAD", "", headers(), null, config.getTimeout())) {
      if (exchange.response().status() != 404) {
        return;
      }
    }
    control.makeBucket();
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    put(key, data, 0);
  }

  @Override
  public void put(String key, ByteBuffer data, int tier) throws IOException {
    SortedMap<String, String> headers = headers();
    headers.put(
        "content-type", key.endsWith(".gz") ? "application/gzip" : "application/octet-stream");
    if (location.options().checksum()) {
      int crc = crc(data.duplicate());
      headers.put(CHECKSUM, Integer.toUnsignedString(crc));
      headers.put("x-amz-checksum-crc32c", base64(crc)); // has the server check what arrives
    }
    StorageTiers.Tier kept = config.tiers().tier(tier);
    if (!kept.storageClass().isEmpty()) {
      headers.put("x-amz-storage-class", kept.storageClass());
    }
    if (!kept.tag().isEmpty()) {
      headers.put("x-amz-tagging", encodedTag(kept.tag()));
    }
    try (HttpClient.Exchange exchange = send("PUT", key, headers, data, config.putTimeout())) {
      requireSuccess("PUT " + key, exchange.response());
    } catch (S3Exception e) {
      throw e.isFull() ? new NoSpaceException("no space to store " + key, e) : e;
    }
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    SortedMap<String, String> headers = headers();
    if (!into.hasRemaining()) {
      return 0;
    }
    if (off > 0) {
      headers.put("range", "bytes=" + off + "-" + (off + into.remaining() - 1));
    }
    try (HttpClient.Exchange exchange = send("GET", key, headers, null, config.getTimeout())) {
      HttpResponse response = exchange.response();
      if (response.status() == 416) {
        return 0; // nothing there
      }
      requireSuccess("GET " + key, response);
      if (off > 0 && response.status() != 206) {
        throw new IOException("GET " + key + ": server ignores ranges");
      }
      return read(key, response, into, off == 0);
    } catch (S3Exception e) {
      throw e.isMissingObject() ? new NoSuchObjectException(key) : e;
    }
  }

  private static int read(String key, HttpResponse response, ByteBuffer into, boolean whole)
      throws IOException {
    ByteBuffer got = into.duplicate();
    int count = response.read(into);
    String expected = response.header(CHECKSUM);
    boolean complete = whole && response.contentLength() == count;
    if (complete && expected != null) {
      got.limit(got.position() + count);
      if (!expected.equals(Integer.toUnsignedString(crc(got)))) {
        throw new IOException("GET " + key + ": verify checksum failed");
      }
    }
    return count;
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    try (HttpClient.Exchange exchange = send("HEAD", key, headers(), null, config.getTimeout())) {
      HttpResponse response = exchange.response();
      if (response.status() == 404) {
        return null; // a HEAD does not say whether it is the bucket
      }
      requireSuccess("HEAD " + key, response);
      return new ObjectInfo(key, length(response), modified(response));
    }
  }

  @Override
  public void delete(String key) throws IOException {
    try (HttpClient.Exchange exchange = send("DELETE", key, headers(), null, config.putTimeout())) {
      requireSuccess("DELETE " + key, exchange.response());
    } catch (S3Exception e) {
      if (!e.isMissingObject()) {
        throw e;
      }
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    if (after.startsWith(prefix)) {
      return control.list(prefix, after, limit);
    }
    // MinIO refuses a marker outside the prefix. It is before all of the answer or behind it.
    boolean before = KeyOrder.INSTANCE.compare(after, prefix) < 0;
    return before ? control.list(prefix, "", limit) : List.of();
  }

  @Override
  public void close() {
    http.close();
  }

  private SortedMap<String, String> headers() {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("host", location.hostHeader());
    headers.put("user-agent", config.userAgent());
    return headers;
  }

  private HttpClient.Exchange send(
      String method,
      String key,
      SortedMap<String, String> headers,
      @Nullable ByteBuffer body,
      Duration timeout)
      throws IOException {
    String path = location.pathPrefix() + SigV4.encodePath(key);
    signer.sign(method, path, "", headers, clock.instant());
    return http.send(new HttpRequest(method, path, headers, body), timeout);
  }

  private static void requireSuccess(String request, HttpResponse response) throws IOException {
    if (response.status() / 100 != 2) {
      throw S3Exception.of(request, response.status(), response.readAll(MAX_ERROR_BYTES));
    }
  }

  private static long length(HttpResponse response) throws IOException {
    String length = response.header("content-length");
    if (length == null) {
      throw new IOException("server does not tell the length of an object");
    }
    return Long.parseLong(length);
  }

  private static Instant modified(HttpResponse response) {
    String modified = response.header("last-modified");
    try {
      return modified == null
          ? Instant.EPOCH
          : ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  private static String encodedTag(String tag) {
    int equals = tag.indexOf('=');
    return encode(tag.substring(0, Math.max(equals, 0))) + "=" + encode(tag.substring(equals + 1));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static String base64(int crc) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
  }
}
