package io.jfs.meta.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.kv.etcd.EtcdServer;
import io.jfs.meta.engine.kv.tikv.TestTikv;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineDump;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dumps travel between engines, and between this client and the reference. */
@Timeout(300)
class DumpInteropTest {
  @TempDir Path folder;
  private RedisServer redis;
  private EtcdServer etcd;
  private TestTikv tikv;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    etcd = EtcdServer.start();
    tikv = new TestTikv();
    tikv.nextVolume();
  }

  @AfterEach
  void stop() {
    redis.close();
    if (etcd != null) {
      etcd.close();
    }
    if (tikv != null) {
      tikv.close();
    }
  }

  private static Engine open(String url) {
    return Engines.open(url, Map.of());
  }

  @Test
  void fromEngineToEngineNothingChanges() throws Exception {
    List<String> urls =
        List.of(
            "lmdb://" + folder.resolve("first"),
            redis.url(1),
            etcd.url("travel"),
            tikv.url(),
            "lmdb://" + folder.resolve("last"));
    String dump = DumpFixture.ofTheReference();
    String records = "";
    for (String url : urls) {
      try (Engine engine = open(url)) {
        DumpFixture.load(engine, dump);
        dump = DumpFixture.dump(engine);
        assertThat(dump).as(url).isEqualTo(DumpFixture.ofTheReference());
        DumpFixture.assertSound(engine);
        String seen = EngineDump.of(engine, 100);
        assertThat(seen).as(url).isEqualTo(records.isEmpty() ? seen : records);
        records = seen;
      }
    }
  }

  @Test
  @Tag("interop")
  void theReferenceLoadsWhatIsDumpedHereAndTheOtherWayRound() throws Exception {
    Path file = Files.writeString(folder.resolve("dump.json"), DumpFixture.ofTheReference());
    for (String name : List.of("redis", "etcd")) {
      String theirs = name.equals("redis") ? redis.url(1) : etcd.url("theirs");
      String ours = name.equals("redis") ? redis.url(2) : etcd.url("ours");
      juicefs("load", theirs, file.toString());
      try (Engine loadedThere = open(theirs);
          Engine loadedHere = open(ours)) {
        DumpFixture.load(loadedHere, DumpFixture.ofTheReference());
        assertThat(withoutSetting(loadedHere)).as(name).isEqualTo(withoutSetting(loadedThere));
        assertThat(DumpFixture.dump(loadedThere)).isEqualTo(DumpFixture.ofTheReference());
      }
      Path dumped = folder.resolve(name + ".json");
      juicefs("dump", ours, dumped.toString());
      assertThat(Files.readString(dumped)).isEqualTo(DumpFixture.ofTheReference());
    }
  }

  @Test
  @Tag("interop")
  void binaryDumpsTravelBothWays() throws Exception {
    for (String name : List.of("redis", "etcd")) {
      String first = name.equals("redis") ? redis.url(1) : etcd.url("first");
      String theirs = name.equals("redis") ? redis.url(2) : etcd.url("theirs");
      String ours = name.equals("redis") ? redis.url(3) : etcd.url("ours");
      Path dumpedHere = folder.resolve(name + "-here.bin");
      try (Engine engine = open(first)) {
        DumpFixture.load(engine, DumpFixture.ofTheReference());
        Files.write(dumpedHere, DumpFixture.binary(engine));
      }
      juicefs("load", theirs, dumpedHere.toString(), "--binary");
      Path dumpedThere = folder.resolve(name + "-there.bin");
      juicefs("dump", theirs, dumpedThere.toString(), "--binary");
      try (Engine original = open(first);
          Engine there = open(theirs);
          Engine here = open(ours)) {
        DumpFixture.loadBinary(here, Files.readAllBytes(dumpedThere));
        assertThat(withoutSetting(there)).as(name).isEqualTo(withoutSetting(original));
        assertThat(withoutSetting(here)).as(name).isEqualTo(withoutSetting(original));
        assertThat(DumpFixture.dump(here)).isEqualTo(DumpFixture.ofTheReference());
      }
    }
  }

  /** The same members may be written in another style. */
  private static String withoutSetting(Engine engine) {
    return EngineDump.of(engine, 100).replaceFirst("SETTING[^\n]*\n", "");
  }

  private void juicefs(String... arguments) throws Exception {
    Assumptions.assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "juicefs"))),
        "juicefs is not installed");
    List<String> line = new java.util.ArrayList<>(List.of("juicefs"));
    line.addAll(List.of(arguments));
    File log = folder.resolve("juicefs.log").toFile();
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", line, Files.readString(log.toPath())).isZero();
  }
}
