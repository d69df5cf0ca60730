package io.jfs.chunk.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.ObjectStoreContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract against S3Proxy in this process. */
class S3ProxyContractTest extends ObjectStoreContract {
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @Override
  protected ObjectStore open() throws IOException {
    return S3Server.openBucket(server.port());
  }

  @Test
  void aWrongSecretIsRefused() throws IOException {
    try (ObjectStore store = S3Server.open(server.port(), "whatever", "wrong")) {
      assertThatThrownBy(() -> store.put("k", ByteBuffer.allocate(1)))
          .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.status()).isEqualTo(403));
      assertThatThrownBy(() -> store.get("k", 0, ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(NoSuchObjectException.class)
          .hasMessageNotContaining("wrong");
    }
  }

  @Test
  void aMissingBucketIsNotAMissingObject() throws IOException {
    try (ObjectStore store = S3Server.open(server.port(), "missing-bucket", "secret")) {
      assertThatThrownBy(() -> store.get("k", 0, ByteBuffer.allocate(1)))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.code()).isEqualTo("NoSuchBucket"));
      assertThatThrownBy(() -> store.put("k", ByteBuffer.allocate(1)))
          .isInstanceOf(S3Exception.class);
      store.create();
      store.create();
      store.put("k", ByteBuffer.allocate(1));
    }
  }
}
