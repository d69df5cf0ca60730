package io.jfs.chunk.object.s3;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.storage.ObjectStores;
import io.jfs.chunk.storage.StorageSpec;
import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** S3Proxy in this process, over memory, on a loopback port of its own. */
final class S3Server {
  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private final S3Proxy proxy;

  S3Server() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
    properties.setProperty("s3proxy.identity", "access");
    properties.setProperty("s3proxy.credential", "secret");
    properties.setProperty("s3proxy.endpoint", "http://127.0.0.1:0");
    proxy =
        S3Proxy.Builder.fromProperties(properties).blobStore(new TransientNio2BlobStore()).build();
    proxy.start();
  }

  int port() {
    return proxy.getPort();
  }

  /** A new bucket's store, reached through {@code port}. */
  static ObjectStore openBucket(int port) throws IOException {
    return open(port, "bucket" + BUCKETS.incrementAndGet(), "secret");
  }

  static ObjectStore open(int port, String bucket, String secret) throws IOException {
    return ObjectStores.open(
        StorageSpec.of("minio", "http://127.0.0.1:" + port + "/" + bucket)
            .withCredentials("access", secret, ""));
  }

  void close() throws Exception {
    proxy.stop();
  }
}
