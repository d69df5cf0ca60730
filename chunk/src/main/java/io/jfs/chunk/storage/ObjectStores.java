package io.jfs.chunk.storage;

import io.jfs.cache.page.PagePool;
import io.jfs.chunk.encrypt.EncryptedObjectStore;
import io.jfs.chunk.encrypt.Encryption;
import io.jfs.chunk.object.FileObjectStore;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.PrefixedObjectStore;
import io.jfs.chunk.object.ShardedObjectStore;
import io.jfs.chunk.object.ceph.CephObjectStore;
import io.jfs.chunk.object.ceph.CephPool;
import io.jfs.chunk.object.s3.BucketRegion;
import io.jfs.chunk.object.s3.S3Config;
import io.jfs.chunk.object.s3.S3Credentials;
import io.jfs.chunk.object.s3.S3Location;
import io.jfs.chunk.object.s3.S3ObjectStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The object stores there are, by name. */
public final class ObjectStores {
  private static final int MAX_SHARDS = 256;

  private ObjectStores() {}

  /** Names that {@code --storage} may have. */
  public static List<String> names() {
    return List.of("file", "minio", "s3", "ceph");
  }

  /**
   * Opens the store that holds all volumes of a bucket, shards and all.
   *
   * @throws IllegalArgumentException if name or bucket make no sense
   */
  public static ObjectStore open(StorageSpec spec) throws IOException {
    if (spec.shards() <= 1) {
      return openOne(spec);
    }
    if (spec.shards() > MAX_SHARDS || !spec.bucket().contains("%d")) {
      throw new IllegalArgumentException(
          "sharding needs a bucket with %d and at most 256 shards: " + spec.bucket());
    }
    List<ObjectStore> shards = new ArrayList<>();
    for (int i = 0; i < spec.shards(); i++) {
      shards.add(openOne(spec.with(spec.bucket().replace("%d", Integer.toString(i)), 1)));
    }
    return new ShardedObjectStore(shards);
  }

  /**
   * Opens the part of a store that belongs to one volume (data format 1.5).
   *
   * @param volumeName prefix of all its keys
   * @param encryption null for none
   * @param pool lends memory for encryption
   */
  public static ObjectStore openVolume(
      StorageSpec spec, String volumeName, @Nullable Encryption encryption, PagePool pool)
      throws IOException {
    ObjectStore volume = new PrefixedObjectStore(open(spec), volumeName + "/");
    return encryption == null ? volume : new EncryptedObjectStore(volume, encryption, pool);
  }

  private static ObjectStore openOne(StorageSpec spec) throws IOException {
    String name = spec.storage().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "file" -> new FileObjectStore(Path.of(spec.bucket()), spec.durability());
      case "minio" ->
          openS3(spec, name, S3Location.ofMinio(spec.bucket(), spec.environment()), "MINIO_");
      case "ceph" -> openCeph(spec);
      case "s3" -> openS3(spec, name, S3Location.ofS3(spec.bucket(), spec.environment()), "AWS_");
      default -> throw new IllegalArgumentException("invalid storage: " + spec.storage());
    };
  }

  private static ObjectStore openCeph(StorageSpec spec) throws IOException {
    CephPool pool = CephPool.of(spec.bucket(), spec.accessKey(), spec.secretKey());
    Duration timeout = Collections.max(List.of(spec.getTimeout(), spec.putTimeout()));
    return new CephObjectStore(pool, timeout, spec.environment());
  }

  private static ObjectStore openS3(
      StorageSpec spec, String name, S3Location location, String environmentPrefix)
      throws IOException {
    Function<String, @Nullable String> environment = spec.environment();
    boolean given = !spec.accessKey().isEmpty();
    boolean isMinio = name.equals("minio");
    String access = isMinio ? "ACCESS_KEY" : "ACCESS_KEY_ID";
    String secret = isMinio ? "SECRET_KEY" : "SECRET_ACCESS_KEY";
    S3Credentials credentials =
        given
            ? new S3Credentials(spec.accessKey(), spec.secretKey(), spec.sessionToken())
            : new S3Credentials(
                value(environment, environmentPrefix + access),
                value(environment, environmentPrefix + secret),
                value(environment, environmentPrefix + "SESSION_TOKEN"));
    S3Config config =
        new S3Config(
            location,
            credentials,
            spec.tiers(),
            spec.getTimeout(),
            spec.putTimeout(),
            spec.userAgent(),
            name);
    InetSocketAddress proxy = proxyFor(location, environment);
    S3Location found = BucketRegion.located(config, proxy, Clock.systemUTC());
    return new S3ObjectStore(config.with(found), proxy, Clock.systemUTC());
  }

  private static String value(Function<String, @Nullable String> environment, String name) {
    String value = environment.apply(name);
    return value == null ? "" : value;
  }

  /** The proxy that HTTP_PROXY or HTTPS_PROXY names, unless NO_PROXY excludes the host. */
  static @Nullable InetSocketAddress proxyFor(
      S3Location location, Function<String, @Nullable String> environment) {
    String name = location.tls() ? "HTTPS_PROXY" : "HTTP_PROXY";
    String url = value(environment, name);
    if (url.isEmpty()) {
      url = value(environment, name.toLowerCase(Locale.ROOT));
    }
    String except = value(environment, "NO_PROXY") + "," + value(environment, "no_proxy");
    if (url.isEmpty() || isExcepted(location.host(), except)) {
      return null;
    }
    try {
      URI uri = new URI(url.contains("://") ? url : "http://" + url);
      int port = uri.getPort() > 0 ? uri.getPort() : 80;
      return InetSocketAddress.createUnresolved(uri.getHost(), port);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("invalid " + name + ": " + url, e);
    }
  }

  /** Loopback is never asked for through a proxy. */
  private static boolean isExcepted(String host, String exceptions) {
    if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
      return true;
    }
    for (String exception : exceptions.split(",")) {
      String suffix = exception.strip();
      if (suffix.equals("*")
          || (!suffix.isEmpty()
              && (host.equals(suffix)
                  || host.endsWith(suffix.startsWith(".") ? suffix : "." + suffix)))) {
        return true;
      }
    }
    return false;
  }
}
