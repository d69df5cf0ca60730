package io.jfs.chunk.object.s3;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.storage.ObjectStores;
import io.jfs.chunk.storage.StorageSpec;
import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract against a server from outside, MinIO for one: S3_ENDPOINT ({@code
 * http://host:port}), S3_ACCESS_KEY, S3_SECRET_KEY. {@code scripts/conformance s3} starts one.
 */
@EnabledIfEnvironmentVariable(named = "S3_ENDPOINT", matches = ".+")
class S3ContractTest extends S3StoreContract {
  @Override
  protected ObjectStore open(String bucket, Secret secret) throws IOException {
    String key = secret == Secret.RIGHT ? System.getenv("S3_SECRET_KEY") : "wrong-secret";
    return ObjectStores.open(
        StorageSpec.of("minio", System.getenv("S3_ENDPOINT") + "/" + bucket)
            .withCredentials(System.getenv("S3_ACCESS_KEY"), key, ""));
  }
}
