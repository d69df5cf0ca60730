package io.jfs.chunk.object.s3;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.ObjectStoreContract;
import io.jfs.chunk.storage.ObjectStores;
import io.jfs.chunk.storage.StorageSpec;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract against a server from outside; see scripts for which. */
@EnabledIfEnvironmentVariable(named = "S3_ENDPOINT", matches = ".+")
class S3ContractTest extends ObjectStoreContract {
  @Override
  protected ObjectStore open() throws IOException {
    String bucket = System.getenv("S3_ENDPOINT") + "/t" + UUID.randomUUID().toString().substring(9);
    return ObjectStores.open(
        StorageSpec.of("minio", bucket)
            .withCredentials(System.getenv("S3_ACCESS_KEY"), System.getenv("S3_SECRET_KEY"), ""));
  }
}
