package io.jfs.meta.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.JuicefsClient;
import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.CompactChunk;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One volume, this client's metadata and the reference client as a mount, on a Redis server. */
@Tag("interop")
@Timeout(300)
class RedisInteropTest {
  private static final Caller ROOT = Caller.ROOT;
  private static final String NAME = "interop";

  private RedisServer server;
  private Path home;
  private Path mountPoint;
  private VolumeMeta meta;

  @BeforeEach
  void mount() throws Exception {
    JuicefsClient.assumeInstalled();
    server = RedisServer.start();
    home = Files.createTempDirectory("jfs-interop");
    mountPoint = Files.createDirectory(home.resolve("mnt"));
    try (Engine engine = engine()) {
      new VolumeAdmin(engine)
          .create(
              VolumeAdmin.defaults(NAME)
                  .with("Bucket", home.resolve("data") + "/")
                  .set("TrashDays", 0L));
    }
    meta =
        VolumeMeta.open(
            engine(),
            MetaConfig.DEFAULT,
            SessionFacts.ofThisProcess("/jfs", Instant.now()),
            reaper());
    JuicefsClient.Answer mounted =
        JuicefsClient.run(
            "mount",
            "-d",
            "--no-usage-report",
            "--cache-dir",
            home.resolve("cache").toString(),
            "--log",
            home.resolve("log").toString(),
            server.url(1),
            mountPoint.toString());
    assertThat(mounted.code()).as(mounted.text()).isZero();
  }

  @AfterEach
  void unmount() throws Exception {
    if (server == null) {
      return;
    }
    JuicefsClient.Answer unmounted = JuicefsClient.run("umount", mountPoint.toString());
    meta.close();
    try (Engine engine = engine()) {
      assertThat(VolumeCheck.run(engine))
          .filteredOn(finding -> finding.kind().severity() != Finding.Severity.HINT)
          .isEmpty();
    } finally {
      server.close();
    }
    assertThat(unmounted.code()).as(unmounted.text()).isZero();
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  private Engine engine() {
    return Engines.open(server.url(1), Map.of());
  }

  private SliceReaper reaper() {
    return slice -> Files.deleteIfExists(object(slice.id(), slice.size()));
  }

  /** Slices of these tests are shorter than a block. */
  private Path object(long id, int size) {
    return home.resolve("data/" + NAME + "/chunks/" + id / 1_000_000 + "/" + id / 1000)
        .resolve(id + "_0_" + size);
  }

  private void store(long id, byte[] data) {
    try {
      Path object = object(id, data.length);
      Files.createDirectories(object.getParent());
      Files.write(object, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Ino file(String name) throws FsException {
    return meta.create(ROOT, Ino.ROOT, Name.of(name), NewInode.file(0644, 0)).ino();
  }

  private void write(Ino ino, int pos, byte[] data) throws FsException {
    long id = meta.newSliceId();
    store(id, data);
    Slice slice = new Slice(pos, id, data.length, 0, data.length);
    meta.writeSlices(ino, List.of(new ChunkSlice(0, slice)), Timestamp.of(Instant.now()));
  }

  private boolean compact(Ino ino) throws Exception {
    CompactionPlan plan = meta.planCompaction(ino, 0);
    if (plan == null) {
      return false;
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Slice piece : plan.pieces()) {
      byte[] bytes =
          piece.isHole()
              ? new byte[piece.len()]
              : Arrays.copyOfRange(
                  Files.readAllBytes(object(piece.id(), piece.size())),
                  piece.off(),
                  piece.off() + piece.len());
      data.write(bytes);
    }
    long id = meta.newSliceId();
    store(id, data.toByteArray());
    return meta.commitCompaction(plan, id) == CompactChunk.Result.COMMITTED;
  }

  private static byte[] random(int seed, int length) {
    byte[] data = new byte[length];
    new Random(seed).nextBytes(data);
    return data;
  }

  @Test
  void theReferenceReadsWhatWasSharedAndCompactedHere() throws Exception {
    Ino source = file("source");
    Ino copy = file("copy");
    byte[] expected = new byte[3000];
    for (int i = 0; i < 20; i++) {
      byte[] data = random(i, 500);
      write(source, i * 100, data);
      System.arraycopy(data, 0, expected, i * 100, 500);
    }
    expected = Arrays.copyOf(expected, 2400);
    meta.copyRange(ROOT, source, 0, copy, 0, 2400);
    assertThat(compact(source)).isTrue();
    assertThat(Files.readAllBytes(mountPoint.resolve("source"))).isEqualTo(expected);
    assertThat(Files.readAllBytes(mountPoint.resolve("copy"))).isEqualTo(expected);

    // The reference compacts the copy, whose slices only the copy needs now.
    JuicefsClient.Answer compacted = JuicefsClient.run("compact", mountPoint.toString());
    assertThat(compacted.code()).as(compacted.text()).isZero();
    meta.unlink(ROOT, Ino.ROOT, Name.of("source"));
    assertThat(Files.readAllBytes(mountPoint.resolve("copy"))).isEqualTo(expected);
    JuicefsClient.Answer checked = JuicefsClient.run("fsck", server.url(1));
    assertThat(checked.code()).as(checked.text()).isZero();
  }

  @Test
  void compactionHereSparesWhatTheReferenceCopied() throws Exception {
    Ino source = file("source");
    byte[] expected = new byte[2400];
    for (int i = 0; i < 20; i++) {
      byte[] data = random(i, 500);
      write(source, i * 100, data);
      System.arraycopy(data, 0, expected, i * 100, 500);
    }
    JuicefsClient.Answer copied =
        JuicefsClient.execute(
            List.of(
                "python3",
                "-c",
                "import os,sys\n"
                    + "a=os.open(sys.argv[1],os.O_RDONLY);b=os.open(sys.argv[2],os.O_RDWR|os.O_CREAT)\n"
                    + "assert os.copy_file_range(a,b,2400)==2400\n",
                mountPoint.resolve("source").toString(),
                mountPoint.resolve("copy").toString()));
    assertThat(copied.code()).as(copied.text()).isZero();
    assertThat(compact(source)).isTrue();
    Entry copy = meta.lookup(ROOT, Ino.ROOT, Name.of("copy"));
    compact(copy.ino());
    assertThat(Files.readAllBytes(mountPoint.resolve("copy"))).isEqualTo(expected);
    assertThat(Files.readAllBytes(mountPoint.resolve("source"))).isEqualTo(expected);
  }

  @Test
  void sessionsAndSettingsAreReadable() throws Exception {
    JuicefsClient.Answer status = JuicefsClient.run("status", server.url(1));
    assertThat(status.code()).as(status.text()).isZero();
    assertThat(status.text()).contains("\"MountPoint\": \"/jfs\"", mountPoint.toString());
    assertThat(meta.sessions().all())
        .extracting(session -> session.facts().mountPoint())
        .containsExactlyInAnyOrder("/jfs", mountPoint.toString());
  }

  @Test
  void locksExcludeAcrossTheTwoClients() throws Exception {
    Ino ino = file("locked");
    meta.flock(ino, new LockOwner(meta.sessionId(), 1), true);
    String path = mountPoint.resolve("locked").toString();
    List<String> attempt = List.of("flock", "-n", path, "true");
    assertThat(JuicefsClient.execute(attempt).code()).isNotZero();
    meta.unflock(ino, new LockOwner(meta.sessionId(), 1));
    assertThat(JuicefsClient.execute(attempt).code()).isZero();
  }

  @Test
  void filesOfEachAreDeletedByTheOther() throws Exception {
    Ino ino = file("a");
    write(ino, 0, random(1, 1000));
    Files.write(mountPoint.resolve("b"), random(2, 1000));
    Entry b = meta.lookup(ROOT, Ino.ROOT, Name.of("b"));
    Slice slice = meta.readChunk(b.ino(), 0).get(0);
    assertThat(object(slice.id(), slice.size())).exists();
    meta.unlink(ROOT, Ino.ROOT, Name.of("b"));
    Files.delete(mountPoint.resolve("a"));
    SliceId gone = new SliceId(slice.id(), slice.size());
    for (int i = 0; i < 100 && Files.exists(object(gone.id(), gone.size())); i++) {
      RedisServer.pause(50);
    }
    assertThat(object(gone.id(), gone.size())).doesNotExist();
    assertThat(meta.getAttr(Ino.ROOT).nlink()).isEqualTo(2);
  }
}
