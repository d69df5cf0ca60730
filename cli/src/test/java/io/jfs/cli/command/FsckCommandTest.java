package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cli.CommandRun;
import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is told by path, repaired on request, and nothing is told that is right. */
final class FsckCommandTest {
  private static final int LENGTH = (4 << 20) + 100;

  @TempDir Path folder;
  private String meta = "";
  private Ino dir = Ino.NONE;
  private Ino file = Ino.NONE;

  @BeforeEach
  void format() throws Exception {
    meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", folder.resolve("data").toString(), meta, "vol").succeeded();
    try (VolumeMeta client = open()) {
      dir = client.create(Caller.ROOT, Ino.ROOT, Name.of("d"), NewInode.directory(0777, 0)).ino();
      file = client.create(Caller.ROOT, dir, Name.of("f"), NewInode.file(0666, 0)).ino();
      write(client, file);
    }
  }

  private VolumeMeta open() throws Exception {
    return VolumeMeta.open(
        Engines.open(meta, Map.of()),
        MetaConfig.DEFAULT.withBackgroundJobs(false),
        SessionFacts.ofThisProcess("test", Clock.systemUTC().instant()),
        SliceReaper.NONE);
  }

  /** Two blocks, as objects first. */
  private void write(VolumeMeta client, Ino ino) throws Exception {
    long id = client.newSliceId();
    put(id, 0, 4 << 20);
    put(id, 1, 100);
    Object unused =
        client.writeSlices(
            ino, List.of(new ChunkSlice(0, new Slice(0, id, LENGTH, 0, LENGTH))), Timestamp.EPOCH);
  }

  private Path block(long id, int index, int size) {
    return folder
        .resolve("data/vol")
        .resolve(BlockNaming.PLAIN.name(new BlockKey(id, index, size)));
  }

  private Path put(long id, int index, int size) throws Exception {
    Path block = block(id, index, size);
    Files.createDirectories(block.getParent());
    return Files.write(block, new byte[size]);
  }

  private void plant(Mutation... damage) {
    try (Engine engine = Engines.open(meta, Map.of())) {
      Object unused = engine.commit(new Commit(Map.of(), List.of(damage)));
    }
  }

  @Test
  void aHealthyVolume() {
    CommandRun run = jfs("fsck", meta);
    assertThat(run.succeeded()).isEmpty();
    assertThat(run.log())
        .contains("Found 2 blocks (4194404 bytes)", "Used by 1 slices (4194404 bytes)");
  }

  @Test
  void aMissingBlockIsToldByPath() throws Exception {
    Files.delete(block(1, 1, 100));
    CommandRun run = jfs("fsck", meta);
    run.failed("1 objects are lost (100 bytes), 1 broken files:\n        INODE: PATH");
    assertThat(run.log()).contains(file + ": /d/f");
    assertThat(run.out()).contains("/d/f: can't find block chunks/0/0/1_1_100: no such object");
    jfs("fsck", meta, "--path", "/d", "--recursive").failed("1 objects are lost");
    jfs("fsck", meta, "--path", "/d").succeeded();
  }

  @Test
  void aTruncatedBlockIsToldByPath() throws Exception {
    Files.write(block(1, 0, 4 << 20), new byte[1000]);
    CommandRun run = jfs("fsck", meta);
    run.failed("1 objects are lost (4194304 bytes), 1 broken files:");
    assertThat(run.out())
        .contains("/d/f: can't find block chunks/0/0/1_0_4194304: it has 1000 bytes");
  }

  @Test
  void aLeakedBlockIsAHintOnceItIsOld() throws Exception {
    Path leaked = put(77, 0, 10);
    assertThat(jfs("fsck", meta).succeeded()).isEmpty();
    Files.setLastModifiedTime(
        leaked, FileTime.from(Clock.systemUTC().instant().minus(Duration.ofHours(2))));
    assertThat(jfs("fsck", meta).succeeded()).isEqualTo("HINT LEAKED_BLOCK chunks/0/0/77_0_10\n");
    assertThat(leaked).exists();
  }

  @Test
  void damagedMetadataIsToldByPathAndRepaired() {
    plant(
        new Mutation.PutField<>(
            Records.DENTRY, dir, Name.of("gone"), new Dentry(FileType.REGULAR, new Ino(99))),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {5}),
        new Mutation.SetCounter<>(Records.DIR_STAT, dir, new long[3]));
    CommandRun run = jfs("fsck", meta);
    run.failed("2 findings");
    assertThat(run.out())
        .contains("DAMAGE DANGLING_ENTRY inode " + dir + " /d/gone: leads to inode 99")
        .contains("WRONG WRONG_COUNTER: USED_INODES says 7, is 2")
        .contains("HINT WRONG_DIR_STAT inode " + dir + " /d: says");
    assertThat(jfs("fsck", meta, "--path", "/d", "--repair").succeeded())
        .contains("REPAIRED DAMAGE DANGLING_ENTRY")
        .doesNotContain("WRONG_COUNTER");
    jfs("fsck", meta).failed("1 findings");
    assertThat(jfs("fsck", meta, "--repair").succeeded()).contains("REPAIRED WRONG WRONG_COUNTER");
    assertThat(jfs("fsck", meta).succeeded()).isEmpty();
  }

  @Test
  void statisticsAreCountedAnew() {
    plant(new Mutation.DeleteCounter<>(Records.DIR_STAT, dir));
    assertThat(jfs("fsck", meta, "--sync-dir-stat").log()).contains("Counted 3 directories");
    assertThat(jfs("fsck", meta).succeeded()).isEmpty();
  }

  @Test
  void mistakesAreRefused() {
    jfs("fsck", meta, "--path", "d").failed("is not absolute");
    jfs("fsck", meta, "--path", "/d/none").failed("/d/none: no such file or directory");
    jfs("fsck", meta, "--repair-dir-mode", "9").failed("--repair-dir-mode");
  }

  @Test
  void noFalseAlarmWhileTheVolumeIsWrittenTo() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService writers = Executors.newSingleThreadExecutor();
    try (VolumeMeta client = open()) {
      Future<?> writing =
          writers.submit(
              () -> {
                for (int i = 0; !stop.get(); i = (i + 1) % 50) {
                  Name name = Name.of("n" + i);
                  if (client.lookup(Caller.ROOT, dir, name) != null) {
                    client.unlink(Caller.ROOT, dir, name);
                  }
                  write(
                      client, client.create(Caller.ROOT, dir, name, NewInode.file(0666, 0)).ino());
                }
                return null;
              });
      for (int i = 0; i < 2; i++) {
        CommandRun run = jfs("fsck", meta);
        assertThat(run.succeeded().lines()).allMatch(line -> line.startsWith("HINT"));
      }
      stop.set(true);
      Object unused = writing.get();
    } finally {
      writers.shutdownNow();
    }
  }
}
