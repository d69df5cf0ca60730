package io.jfs.meta.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.Finding.Kind;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.engine.kv.OrderedKv;
import io.jfs.meta.engine.kv.etcd.EtcdKv;
import io.jfs.meta.engine.kv.etcd.EtcdServer;
import io.jfs.meta.engine.kv.lmdb.LmdbKv;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.ForwardingEngine;
import io.jfs.meta.txn.Ref;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes that do not decode are found by their keys and made anew. */
class CorruptAttrTest {
  private static final byte[] GARBAGE = "garbage".getBytes(StandardCharsets.US_ASCII);

  @Test
  void onTheHeap() throws Exception {
    check(new MemoryKv("memkv://"));
  }

  @Test
  void inLmdb(@TempDir Path folder) throws Exception {
    check(LmdbKv.open(MetaUrl.parse("lmdb://" + folder.resolve("meta"))));
  }

  @Test
  void inEtcd() throws Exception {
    try (EtcdServer server = EtcdServer.start()) {
      check(EtcdKv.open(MetaUrl.parse(server.url("corrupt")), Map.of()));
    }
  }

  private static void check(OrderedKv kv) throws Exception {
    check(
        new KvEngine(kv),
        ino ->
            assertThat(kv.commit(List.of(), List.of(new KvWrite.Put(keyOf(kv, ino), GARBAGE))))
                .isNotNull());
  }

  private static byte[] keyOf(OrderedKv kv, Ino ino) {
    return kv
        .read(
            snapshot ->
                snapshot
                    .read(List.of(KvQuery.prefix(new byte[] {'A', (byte) ino.value()})))
                    .get(0)
                    .rows())
        .stream()
        .filter(pair -> pair.key().length == 10 && pair.key()[9] == 'I')
        .findFirst()
        .orElseThrow()
        .key();
  }

  @Test
  void inRedis() throws Exception {
    try (RedisServer server = RedisServer.start()) {
      check(
          Engines.open(server.url(1), Map.of()),
          ino -> assertThat(server.cli("-n", "1", "set", "i" + ino, "garbage")).isEqualTo("OK"));
    }
  }

  private static void check(Engine engine, Consumer<Ino> corrupt) throws Exception {
    new VolumeAdmin(engine).create(VolumeAdmin.defaults("vol"));
    Ino dir;
    Ino file;
    try (VolumeMeta meta = open(engine)) {
      Caller root = Caller.ROOT;
      dir = meta.create(root, Ino.ROOT, Name.of("d"), NewInode.directory(0777, 0)).ino();
      file = meta.create(root, dir, Name.of("f"), NewInode.file(0666, 0)).ino();
      Slice slice = new Slice(0, meta.newSliceId(), 12345, 0, 12345);
      Object unused =
          meta.writeSlices(
              file, List.of(new io.jfs.meta.Meta.ChunkSlice(1, slice)), Timestamp.EPOCH);
      meta.create(root, Ino.ROOT, Name.of("other"), NewInode.file(0666, 0));
    }
    assertThat(VolumeCheck.run(engine)).isEmpty();
    corrupt.accept(file);
    corrupt.accept(dir);
    List<Finding> found = VolumeCheck.run(engine);
    assertThat(found).extracting(Finding::kind).containsOnly(Kind.CORRUPT_ATTR);
    assertThat(found).extracting(Finding::ino).containsExactlyInAnyOrder(dir, file);
    Repairs repairs = new Repairs(engine);
    for (int round = 0; round < 4 && !found.isEmpty(); round++) {
      for (Finding finding : found) {
        assertThat(repairs.apply(finding)).as("%s", finding).isTrue();
      }
      found = VolumeCheck.run(engine);
    }
    assertThat(found).isEmpty();
    Attr rebuilt = attr(engine, file);
    assertThat(rebuilt.lengthBytes()).isEqualTo((64 << 20) + 12345);
    assertThat(rebuilt.parent()).isEqualTo(dir);
    assertThat(attr(engine, dir).isDirectory()).isTrue();
    assertThat(new InodePaths(engine).of(file)).containsExactly("/d/f");
    engine.close();
  }

  private static Attr attr(Engine engine, Ino ino) {
    Ref ref = new Ref.OfCell<>(Records.ATTR, ino);
    return (Attr) Objects.requireNonNull(engine.fetch(List.of(ref)).get(ref)).value();
  }

  /** A client that leaves the engine open. */
  private static VolumeMeta open(Engine engine) throws Exception {
    return VolumeMeta.open(
        new ForwardingEngine(engine) {
          @Override
          public void close() {}
        },
        MetaConfig.DEFAULT.withBackgroundJobs(false),
        SessionFacts.ofThisProcess("test", Clock.systemUTC().instant()),
        SliceReaper.NONE);
  }
}
