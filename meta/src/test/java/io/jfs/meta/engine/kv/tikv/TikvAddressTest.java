package io.jfs.meta.engine.kv.tikv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.netty.GrpcSslContexts;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import io.netty.handler.ssl.ClientAuth;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an address says, and that it is heeded. */
class TikvAddressTest {
  @TempDir Path directory;

  private static TikvAddress parse(String url) {
    return TikvAddress.of(MetaUrl.parse(url));
  }

  @ParameterizedTest
  @CsvSource({
    "tikv://a, a:2379, ''",
    "tikv://a:1/, a:1, ''",
    "'tikv://a,b:7,[::1]:8/jfs', 'a:2379,b:7,[::1]:8', jfs",
    "tikv://a//x/y, a:2379, x/y"
  })
  void driversAndPrefix(String url, String drivers, String path) {
    TikvAddress address = parse(url);
    assertThat(String.join(",", address.drivers().stream().map(Object::toString).toList()))
        .isEqualTo(drivers);
    byte[] prefix = address.prefix();
    assertThat(prefix[prefix.length - 1]).isEqualTo((byte) 0xFD);
    assertThat(new String(prefix, 0, prefix.length - 1, StandardCharsets.UTF_8)).isEqualTo(path);
    assertThat(address.tls()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tikv:///x",
        "tikv://a:b/x",
        "tikv://a:99999/x",
        "tikv://a/x?ca=/not/there",
        "tikv://a/x?verify-cn=b",
        "tikv://a/x?gc-interval=soon"
      })
  void whatIsWrongIsSaidInOneLine(String url) {
    EngineException e = catchThrowableOfType(EngineException.class, () -> parse(url));
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(Kind.FATAL);
    assertThat(e.getMessage()).startsWith(url).doesNotContain("\n");
  }

  @Test
  @Timeout(120)
  void certificatesOfBothSides() throws Exception {
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca");
    openssl("req -newkey rsa:2048 -nodes -keyout s.key -out s.csr -subj /O=x/CN=store");
    Files.writeString(directory.resolve("ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1");
    openssl(
        "x509 -req -in s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out s.crt -days 2 -extfile ext");
    var tls =
        GrpcSslContexts.forServer(file("s.crt"), file("s.key"))
            .trustManager(file("ca.crt"))
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    try (FakeCluster cluster = new FakeCluster(tls)) {
      String ca = cluster.url("tls") + "?ca=" + file("ca.crt");
      String both = ca + "&cert=" + file("s.crt") + "&key=" + file("s.key");
      for (String url : List.of(both, both + "&verify-cn=other,store")) {
        try (Engine engine = Engines.open(url, Map.of())) {
          assertThat(engine.allocate(Sequence.SLICE, 1)).isPositive();
        }
      }
      assertThat(refusal(both + "&verify-cn=other")).hasMessageContaining("127.0.0.1");
      assertThat(refusal(ca)).hasMessageContaining("127.0.0.1");
      assertThat(refusal(cluster.url("plain"))).hasMessageContaining("127.0.0.1");
    }
  }

  private File file(String name) {
    return directory.resolve(name).toFile();
  }

  private static EngineException refusal(String url) {
    EngineException e =
        catchThrowableOfType(EngineException.class, () -> Engines.open(url, Map.of()).close());
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).doesNotContain("\n");
    return e;
  }

  private void openssl(String words) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
