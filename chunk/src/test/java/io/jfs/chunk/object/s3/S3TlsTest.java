package io.jfs.chunk.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.storage.ObjectStores;
import io.jfs.chunk.storage.StorageSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** S3 over TLS, with a certificate that only its own authority knows. */
@Timeout(120)
class S3TlsTest {
  @TempDir static Path folder;
  private static S3Proxy server;

  @BeforeAll
  static void startServer() throws Exception {
    server = serverFor("SAN=ip:127.0.0.1,dns:localhost", "ca");
  }

  private static S3Proxy serverFor(String names, String authority) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String store = folder.resolve(authority + ".p12").toString();
    run(
        keytool,
        "-genkeypair",
        "-alias",
        "a",
        "-keyalg",
        "RSA",
        "-dname",
        "CN=localhost",
        "-ext",
        names,
        "-storetype",
        "PKCS12",
        "-keystore",
        store,
        "-storepass",
        "secret");
    run(
        keytool,
        "-exportcert",
        "-rfc",
        "-alias",
        "a",
        "-keystore",
        store,
        "-storepass",
        "secret",
        "-file",
        folder.resolve(authority + ".pem").toString());
    Properties properties = new Properties();
    properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
    properties.setProperty("s3proxy.identity", "access");
    properties.setProperty("s3proxy.credential", "secret");
    properties.setProperty("s3proxy.secure-endpoint", "https://127.0.0.1:0");
    properties.setProperty("s3proxy.keystore-path", store);
    properties.setProperty("s3proxy.keystore-password", "secret");
    S3Proxy started =
        S3Proxy.Builder.fromProperties(properties)
            .secureEndpoint(URI.create("https://127.0.0.1:0"))
            .blobStore(new TransientNio2BlobStore())
            .build();
    started.start();
    return started;
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.stop();
  }

  @Test
  void aKnownAuthorityIsTrusted() throws IOException {
    try (ObjectStore store = open("one", "?ca-certs=" + folder.resolve("ca.pem"))) {
      readsBackWhatItWrites(store);
    }
  }

  @Test
  void verificationCanBeSkipped() throws IOException {
    try (ObjectStore store = open("two", "?tls-insecure-skip-verify=true")) {
      readsBackWhatItWrites(store);
    }
  }

  @Test
  void anUnknownAuthorityIsNot() throws IOException {
    try (ObjectStore store = open("three", "")) {
      assertThatThrownBy(() -> store.put("k", ByteBuffer.allocate(1)))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    S3Proxy other = serverFor("SAN=dns:elsewhere.example", "elsewhere");
    try (ObjectStore store = open(other, "four", "?ca-certs=" + folder.resolve("elsewhere.pem"))) {
      assertThatThrownBy(() -> store.put("k", ByteBuffer.allocate(1)))
          .isInstanceOf(SSLException.class);
    } finally {
      other.stop();
    }
  }

  private static void readsBackWhatItWrites(ObjectStore store) throws IOException {
    store.create();
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    store.put("k", ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    for (int i = 0; i < 3; i++) {
      ByteBuffer into = ByteBuffer.allocateDirect(bytes.length);
      assertThat(store.get("k", 0, into)).isEqualTo(bytes.length);
      assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(bytes));
    }
    assertThat(store.list("", "", 5)).extracting(ObjectInfo::key).containsExactly("k");
  }

  private static ObjectStore open(String bucket, String query) throws IOException {
    return open(server, bucket, query);
  }

  private static ObjectStore open(S3Proxy server, String bucket, String query) throws IOException {
    String url = "https://127.0.0.1:" + server.getSecurePort() + "/bucket-" + bucket + query;
    return ObjectStores.open(StorageSpec.of("minio", url).withCredentials("access", "secret", ""));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
