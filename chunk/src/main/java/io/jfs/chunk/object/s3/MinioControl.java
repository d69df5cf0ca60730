package io.jfs.chunk.object.s3;

import io.jfs.chunk.object.ObjectInfo;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.Result;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are rare: listing and making the bucket, through minio-java. It is loaded at
 * the first of them, so that a mount that makes none does not pay for it.
 */
final class MinioControl {
  private static final int MAX_KEYS = 1000;
  private static final Set<String> EXISTS =
      Set.of("BucketAlreadyExists", "BucketAlreadyOwnedByYou");

  private final S3Config config;
  private @Nullable MinioClient client; // made at first use

  MinioControl(S3Config config) {
    this.config = config;
  }

  /** Makes the bucket; one that is there is fine. */
  void makeBucket() throws IOException {
    String bucket = config.location().bucket();
    try {
      client().makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
    } catch (ErrorResponseException e) {
      if (!EXISTS.contains(e.errorResponse().code())) {
        throw new IOException("cannot create bucket " + bucket + ": " + e.getMessage(), e);
      }
    } catch (MinioException e) {
      throw new IOException("cannot create bucket " + bucket + ": " + e.getMessage(), e);
    }
  }

  List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    ListObjectsArgs.Builder args =
        ListObjectsArgs.builder()
            .bucket(config.location().bucket())
            .prefix(prefix)
            .recursive(true)
            .maxKeys(Math.min(limit, MAX_KEYS));
    if (!after.isEmpty()) {
      args.startAfter(after);
    }
    List<ObjectInfo> found = new ArrayList<>();
    try {
      for (Result<Item> result : client().listObjects(args.build())) {
        Item item = result.get();
        found.add(new ObjectInfo(item.objectName(), item.size(), item.lastModified().toInstant()));
        if (found.size() == limit) {
          break;
        }
      }
    } catch (MinioException e) {
      throw new IOException("cannot list objects: " + e.getMessage(), e);
    }
    return found;
  }

  private synchronized MinioClient client() throws IOException {
    if (client == null) {
      client = connect();
    }
    return client;
  }

  private MinioClient connect() throws IOException {
    S3Location location = config.location();
    S3Credentials credentials = config.credentials();
    MinioClient.Builder builder = MinioClient.builder().endpoint(location.endpointUrl());
    if (!location.region().isEmpty()) {
      builder.region(location.region());
    }
    if (!credentials.isAnonymous()) {
      builder.credentialsProvider(
          new io.minio.credentials.StaticProvider(
              credentials.accessKey(),
              credentials.secretKey(),
              credentials.sessionToken().isEmpty() ? null : credentials.sessionToken()));
    }
    if (location.tls()) {
      builder.httpClient(httpClient(location.options()), true);
    }
    MinioClient made = builder.build();
    if (location.style() == S3Location.Style.VIRTUAL_HOST) {
      made.enableVirtualStyleEndpoint();
    }
    made.setTimeout(10_000, config.putTimeout().toMillis(), config.getTimeout().toMillis());
    return made;
  }

  private static OkHttpClient httpClient(BucketOptions options) throws IOException {
    TlsOptions tls = TlsOptions.of(options);
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder().sslSocketFactory(tls.context().getSocketFactory(), tls.trust());
    if (options.trustAnyServer()) {
      builder.hostnameVerifier((host, session) -> true);
    }
    return builder.build();
  }
}
