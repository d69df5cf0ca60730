package io.jfs.chunk.object.s3;

import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract against S3Proxy in this process. */
class S3ProxyContractTest extends S3StoreContract {
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
  protected ObjectStore open(String bucket, Secret secret) throws IOException {
    return S3Server.open(server.port(), bucket, secret == Secret.RIGHT ? "secret" : "wrong");
  }
}
