package io.jfs.meta.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.redis.RedisOptions.ReadRoute;
import io.jfs.meta.engine.redis.RedisUrl.Host;
import io.jfs.meta.engine.redis.RedisUrl.Kind;
import io.jfs.meta.txn.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of addresses: spec vfs-cli 3.1 and 3.2. */
class RedisUrlTest {
  private static RedisUrl parse(String url) {
    return RedisUrl.parse(MetaUrl.parse(url), Map.of());
  }

  @Test
  void oneServer() {
    RedisUrl url = parse("redis://host:7000/3");
    assertThat(url.kind()).isEqualTo(Kind.SERVER);
    assertThat(url.hosts()).containsExactly(new Host("host", 7000));
    assertThat(url.database()).isEqualTo(3);
    assertThat(url.tls()).isFalse();
    assertThat(url.user()).isNull();
    assertThat(url.password()).isNull();
  }

  @Test
  void defaults() {
    assertThat(parse("redis://host").hosts()).containsExactly(new Host("host", 6379));
    assertThat(parse("host:1/2").hosts()).containsExactly(new Host("host", 1));
    assertThat(parse("host").database()).isZero();
    assertThat(parse("redis://host:/").hosts()).containsExactly(new Host("host", 6379));
    assertThat(parse("rediss://h").tls()).isTrue();
    assertThat(parse("redis://[::1]:7/1").hosts()).containsExactly(new Host("::1", 7));
    assertThat(parse("redis://[::1]").hosts()).containsExactly(new Host("::1", 6379));
  }

  @Test
  void credentials() {
    RedisUrl url = parse("redis://me:p%40s%2Fs+w:x@host/1");
    assertThat(url.user()).isEqualTo("me");
    assertThat(url.password()).isEqualTo("p@s/s+w:x");
    assertThat(url.hosts()).containsExactly(new Host("host", 6379));
    assertThat(parse("redis://:pw@host").user()).isNull();
    assertThat(parse("redis://:pw@host").password()).isEqualTo("pw");
    assertThat(url.toString()).isEqualTo("redis://me:****@host/1");
  }

  @Test
  void passwordsFromTheEnvironment(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("pw"), "filed\n");
    Map<String, String> all =
        Map.of(
            "REDIS_PASSWORD", "r",
            "META_PASSWORD", "m",
            "META_PASSWORD_FILE", file.toString(),
            "SENTINEL_PASSWORD", "s");
    assertThat(RedisUrl.parse(MetaUrl.parse("redis://me@host"), all).password()).isEqualTo("r");
    assertThat(RedisUrl.parse(MetaUrl.parse("redis://me:x@host"), all).password()).isEqualTo("x");
    assertThat(
            RedisUrl.parse(MetaUrl.parse("redis://host"), Map.of("META_PASSWORD", "m")).password())
        .isEqualTo("m");
    assertThat(
            RedisUrl.parse(
                    MetaUrl.parse("redis://host"), Map.of("META_PASSWORD_FILE", file.toString()))
                .password())
        .isEqualTo("filed");
    assertThat(RedisUrl.parse(MetaUrl.parse("redis://m,s1,s2"), all).sentinelPassword())
        .isEqualTo("s");
  }

  @Test
  void sentinels() {
    RedisUrl url = parse("redis://:pw@mymaster,s1,s2:7000/1");
    assertThat(url.kind()).isEqualTo(Kind.SENTINEL);
    assertThat(url.masterName()).isEqualTo("mymaster");
    assertThat(url.hosts()).containsExactly(new Host("s1", 7000), new Host("s2", 7000));
    assertThat(parse("redis://m,s1").hosts()).containsExactly(new Host("s1", 26379));
  }

  @Test
  void clusters() {
    RedisUrl url = parse("redis://h1:7001,h2:7002,h3/1");
    assertThat(url.kind()).isEqualTo(Kind.CLUSTER);
    assertThat(url.hosts())
        .containsExactly(new Host("h1", 7001), new Host("h2", 7002), new Host("h3", 6379));
    assertThat(url.hashTag()).isEqualTo("{1}");
  }

  @Test
  void unixSockets() {
    RedisUrl url = parse("unix:///run/redis.sock?db=4");
    assertThat(url.kind()).isEqualTo(Kind.UNIX);
    assertThat(url.unixSocket()).isEqualTo("/run/redis.sock");
    assertThat(url.database()).isEqualTo(4);
    assertThat(parse("unix://me:pw@/run/r.sock").password()).isEqualTo("pw");
  }

  @Test
  void options() {
    RedisOptions options =
        parse(
                "redis://h/1?min-retry-backoff=10ms&max_retry_backoff=1m30s&read-timeout=2.5s"
                    + "&write_timeout=7&route-read=replica&tls-cert-file=c&tls-key-file=k"
                    + "&tls-ca-cert-file=/a%20b&insecure-skip-verify=true&tls-server-name=n"
                    + "&pool_size=9")
            .options();
    assertThat(options.minRetryBackoff()).isEqualTo(Duration.ofMillis(10));
    assertThat(options.maxRetryBackoff()).isEqualTo(Duration.ofSeconds(90));
    assertThat(options.readTimeout()).isEqualTo(Duration.ofMillis(2500));
    assertThat(options.writeTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(options.readRoute()).isEqualTo(ReadRoute.REPLICA);
    assertThat(options.tls()).isEqualTo(new RedisOptions.Tls(true, "c", "k", "/a b", "n"));
    assertThat(parse("redis://h").options().readTimeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://h/x",
        "redis://h:port/1",
        "etcd://h",
        "unix://",
        "redis://h?read-timeout=soon"
      })
  void refusals(String url) {
    assertThatThrownBy(() -> parse(url))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.FATAL));
  }

  @ParameterizedTest
  @CsvSource({
    "redis://u:secret@host/1, redis://u:****@host/1",
    "redis://:secret@host/1, redis://:****@host/1",
    "redis://host:6379/1, redis://host:6379/1",
    "redis://u:se:cr@et@h1:1, redis://u:****@h1:1",
    "u:secret@host, redis://u:****@host"
  })
  void masks(String url, String masked) {
    assertThat(MetaUrl.parse(url).masked()).isEqualTo(masked);
  }

  @Test
  void refusalsShowNoPassword() {
    assertThatThrownBy(() -> parse("redis://u:secret@h/x"))
        .hasMessageNotContaining("secret")
        .hasMessageContaining("****");
  }
}
