package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.CommandRun;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planted objects of every kind: each is counted as what it is, and only leaked ones go. */
final class GcCommandTest {
  private static final long LIVE = 11;
  private static final long DELAYED = 12;
  private static final long EXPIRED = 13;
  private static final long PENDING = 14;
  private static final long LEAKED = 15;

  @TempDir Path folder;
  private final Instant now = Clock.systemUTC().instant();
  private String meta = "";

  @BeforeEach
  void plant() throws Exception {
    meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--block-size", "64K", "--bucket", folder.resolve("data").toString(), meta, "vol")
        .succeeded();
    Ino file = makeFile();
    long old = now.minus(Duration.ofDays(3)).getEpochSecond();
    write(
        new Mutation.SetLog<>(
            Records.CHUNK, new ChunkKey(file, 0), List.of(new Slice(0, LIVE, 70000, 0, 70000))),
        new Mutation.Put<>(
            Records.DELAYED_SLICES,
            new DelayedSlice(100, now.getEpochSecond()),
            List.of(new SliceId(DELAYED, 10))),
        new Mutation.Put<>(
            Records.DELAYED_SLICES, new DelayedSlice(101, old), List.of(new SliceId(EXPIRED, 10))),
        new Mutation.SetCounter<>(Records.SLICE_REF, new SliceId(PENDING, 10), new long[] {-1}));
    putOld(LIVE + "_0_65536");
    putOld(LIVE + "_1_4464");
    putOld(DELAYED + "_0_10");
    putOld(EXPIRED + "_0_10");
    putOld(PENDING + "_0_10");
    putOld(LEAKED + "_0_10");
    putOld(LIVE + "_1_10"); // no block of this slice
    putOld(LIVE + "_2_65536"); // behind its end
    put("16_0_10"); // as leaked as others, but young
    putOld("not-a-block");
    putOld(".jfs.17_0_10.tmp.99"); // what a writer that was killed has left
    put(".jfs.18_0_10.tmp.99");
  }

  private Ino makeFile() throws Exception {
    try (VolumeMeta client =
        VolumeMeta.open(
            Engines.open(meta, Map.of()),
            MetaConfig.DEFAULT.withBackgroundJobs(false),
            SessionFacts.ofThisProcess("test", now),
            SliceReaper.NONE)) {
      return client.create(Caller.ROOT, Ino.ROOT, Name.of("f"), NewInode.file(0644, 0)).ino();
    }
  }

  private void write(Mutation... mutations) {
    try (Engine engine = Engines.open(meta, Map.of())) {
      assertThat(engine.commit(new Commit(Map.of(), List.of(mutations))).status())
          .isEqualTo(CommitOutcome.Status.COMMITTED);
    }
  }

  private Path blocks() {
    return folder.resolve("data/vol/chunks/0/0");
  }

  private Path put(String name) throws IOException {
    Files.createDirectories(blocks());
    return Files.writeString(blocks().resolve(name), "0123456789");
  }

  private void putOld(String name) throws IOException {
    Files.setLastModifiedTime(put(name), FileTime.from(now.minus(Duration.ofHours(2))));
  }

  private List<String> left() throws IOException {
    try (var files = Files.list(blocks())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void looksAndTouchesNothing() throws Exception {
    List<String> before = left();
    CommandRun run = jfs("gc", meta);
    run.succeeded();
    assertThat(run.log())
        .contains("using 3 slices (70020 bytes)")
        .contains(
            "scanned 11 objects, 2 valid, 1 pending delete (10 bytes), 2 compacted (20 bytes),"
                + " 4 leaked (40 bytes), 1 delslices (10 bytes), 0 delfiles (0 bytes),"
                + " 2 skipped (20 bytes)")
        .contains("Please add `--delete`");
    assertThat(left()).isEqualTo(before);
  }

  @Test
  void deletesWhatNobodyNeeds() throws Exception {
    jfs("gc", "--delete", "--threads", "2", meta).succeeded();
    assertThat(left())
        .containsExactly(
            ".jfs.18_0_10.tmp.99",
            LIVE + "_0_65536",
            LIVE + "_1_4464",
            DELAYED + "_0_10",
            "16_0_10",
            "not-a-block");
    CommandRun again = jfs("gc", meta);
    assertThat(again.log()).contains("2 valid").contains("0 leaked").contains("0 pending delete");
    jfs("gc", "--threads", "0", meta).failed("--threads: 0");
  }

  /** Whatever an interrupted run has left, the next one finishes. */
  @Test
  void isDoneAgainAfterAnInterruption() throws Exception {
    Files.delete(blocks().resolve(LEAKED + "_0_10"));
    Files.delete(blocks().resolve(PENDING + "_0_10"));
    deletesWhatNobodyNeeds();
  }

  private static ChunkKey chunkOf(long ino) {
    return new ChunkKey(new Ino(ino), 0);
  }

  private static Mutation chunk(long ino, long slice) {
    return new Mutation.SetLog<>(
        Records.CHUNK, chunkOf(ino), List.of(new Slice(0, slice, 10, 0, 10)));
  }

  @Test
  void chunksWithoutAnInodeAreTheirOwnKind() throws Exception {
    long stray = 20;
    putOld(stray + "_0_10");
    write(chunk(900, stray));
    CommandRun look = jfs("gc", meta);
    look.succeeded();
    assertThat(look.log())
        .contains("chunks of inode 900, which is not there")
        .contains("found 1 chunks without an inode (1 slices, 10 bytes)")
        .contains("add `--delete`");
    assertThat(left()).contains(stray + "_0_10");
    assertThat(jfs("fsck", meta).out())
        .contains("WRONG CHUNK_WITHOUT_INODE inode 900", "gc --delete removes it");
    CommandRun delete = jfs("gc", "--delete", meta);
    delete.succeeded();
    assertThat(delete.log()).contains("Deleted 1 chunks without an inode");
    assertThat(left()).doesNotContain(stray + "_0_10").contains(LIVE + "_0_65536");
    assertThat(jfs("gc", meta).log()).doesNotContain("without an inode");
    assertThat(jfs("fsck", meta).out()).doesNotContain("CHUNK_WITHOUT_INODE");
  }

  @Test
  void chunksOfWhatAnythingStillSpeaksOfAreNoStrays() throws Exception {
    write(
        chunk(901, 21),
        new Mutation.PutField<>(
            Records.DELETED_FILE,
            Records.Volume.KEY,
            new Records.DeletedFile(new Ino(901), 10),
            now.getEpochSecond()),
        chunk(902, 22),
        new Mutation.PutField<>(Records.SUSTAINED, 77L, new Ino(902), true),
        chunk(903, 23),
        new Mutation.PutField<>(
            Records.DENTRY,
            Ino.ROOT,
            Name.of("lost-attributes"),
            new Dentry(FileType.REGULAR, new Ino(903))));
    CommandRun run = jfs("gc", "--delete", meta);
    run.succeeded();
    assertThat(run.log()).doesNotContain("without an inode");
    try (Engine engine = Engines.open(meta, Map.of())) {
      for (long ino : new long[] {901, 902, 903}) {
        Ref ref = new Ref.OfLog<>(Records.CHUNK, chunkOf(ino));
        assertThat(engine.fetch(List.of(ref)).get(ref).value()).isNotEqualTo(List.of());
      }
    }
  }
}
