package io.jfs.chunk.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.ObjectStoreContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store behind the S3 protocol does beyond the contract of all stores. */
abstract class S3StoreContract extends ObjectStoreContract {
  /** Tells a server with other credentials apart from the right ones. */
  enum Secret {
    RIGHT,
    WRONG
  }

  /** The store of a bucket that need not be there. */
  protected abstract ObjectStore open(String bucket, Secret secret) throws IOException;

  private static String newBucket() {
    return "t" + UUID.randomUUID().toString().substring(9);
  }

  @Override
  protected int manyKeys() {
    return 10_000;
  }

  @Override
  protected ObjectStore open() throws IOException {
    return open(newBucket(), Secret.RIGHT);
  }

  @Test
  void aWrongSecretIsRefused() throws IOException {
    String bucket = newBucket();
    try (ObjectStore right = open(bucket, Secret.RIGHT)) {
      right.create();
      right.put("k", ByteBuffer.allocate(1));
    }
    try (ObjectStore store = open(bucket, Secret.WRONG)) {
      assertThatThrownBy(() -> store.put("k", ByteBuffer.allocate(1)))
          .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.status()).isEqualTo(403));
      assertThatThrownBy(() -> store.get("k", 0, ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(NoSuchObjectException.class)
          .hasMessageNotContaining("wrong");
      assertThatThrownBy(() -> store.head("k")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.list("", "", 10)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.delete("k")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aMissingBucketIsNotAMissingObject() throws IOException {
    try (ObjectStore store = open(newBucket(), Secret.RIGHT)) {
      assertThatThrownBy(() -> store.get("k", 0, ByteBuffer.allocate(1)))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.code()).isEqualTo("NoSuchBucket"));
      assertThatThrownBy(() -> store.put("k", ByteBuffer.allocate(1)))
          .isInstanceOf(S3Exception.class);
      assertThatThrownBy(() -> store.list("", "", 10)).isInstanceOf(IOException.class);
      store.create();
      store.create();
      store.put("k", ByteBuffer.allocate(1));
    }
  }
}
