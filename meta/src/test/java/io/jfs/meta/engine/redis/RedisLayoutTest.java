package io.jfs.meta.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.record.Records.Lease;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Keys and values as the reference client stores them: the vectors of metadata spec 11.1 to 11.3.
 */
class RedisLayoutTest {
  private static final Ino HOUR = new Ino(0x7FFFFFFF10000001L);
  private static RedisServer server;

  private RawRedis raw;
  private RedisEngine engine;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    raw = new RawRedis(server.port());
    raw.ask("FLUSHALL");
    engine = (RedisEngine) Engines.open(server.url(0), Map.of());
  }

  @AfterEach
  void close() {
    engine.close();
    raw.close();
  }

  private CommitOutcome write(Mutation... mutations) {
    CommitOutcome outcome = engine.commit(new Commit(Map.of(), List.of(mutations)));
    assertThat(outcome.status()).isEqualTo(CommitOutcome.Status.COMMITTED);
    return outcome;
  }

  private Object read(Ref ref) {
    return engine.fetch(List.of(ref)).get(ref).value();
  }

  private static Attr directory(int mode, Timestamp time, Ino parent) {
    return new Attr(
        FileType.DIRECTORY, 0, mode, 0, 0, time, time, time, 2, 4096, 0, parent, 0, 0, 0);
  }

  @Test
  void attributes() {
    String root =
        "0021ff0000000000000000000000006b01fb5400000000000000006b01fb54000000"
            + "00000000006b01fb54000000000000000200000000000010000000000000000000"
            + "0000000100";
    Attr attr = directory(0777, new Timestamp(1795291988L, 0), Ino.ROOT);
    write(new Mutation.Put<>(Records.ATTR, Ino.ROOT, attr));
    assertThat(raw.hex("GET", "i1")).isEqualTo(root);

    String withAcl =
        "0021fd0000000000000000 000000006b01fb683aa2948e 000000006b01fb683aa2948e"
            + " 000000006b01fb683aa2948e 00000002 0000000000001000 00000000 0000000000000005"
            + " 00000002 00000002 00";
    raw.ask("SET", "i9", RawRedis.bytes(withAcl));
    Attr read = (Attr) read(new Ref.OfCell<>(Records.ATTR, new Ino(9)));
    assertThat(read.accessAcl()).isEqualTo(2);
    assertThat(read.defaultAcl()).isEqualTo(2);
    write(new Mutation.Put<>(Records.ATTR, new Ino(10), read));
    assertThat(raw.hex("GET", "i10")).isEqualTo(withAcl.replace(" ", ""));
  }

  @Test
  void entriesAndTrash() {
    write(
        new Mutation.PutField<>(
            Records.DENTRY, Ino.ROOT, Name.of("dir1"), new Dentry(FileType.DIRECTORY, new Ino(2))),
        new Mutation.PutField<>(
            Records.DENTRY,
            Ino.TRASH_ROOT,
            Name.of("2026-11-21-20"),
            new Dentry(FileType.DIRECTORY, HOUR)),
        new Mutation.PutField<>(
            Records.DENTRY, HOUR, Name.of("2-3-hard1"), new Dentry(FileType.REGULAR, new Ino(3))),
        new Mutation.PutField<>(Records.PARENT, new Ino(3), HOUR, 2L));
    assertThat(raw.hex("HGET", "d1", "dir1")).isEqualTo("020000000000000002");
    assertThat(raw.hex("HGET", "d9223372032828243968", "2026-11-21-20"))
        .isEqualTo("027fffffff10000001");
    assertThat(raw.hex("HGET", "d9223372032828243969", "2-3-hard1"))
        .isEqualTo("010000000000000003");
    assertThat(raw.ask("HGET", "p3", "9223372032828243969")).isEqualTo("2");
  }

  /** Inodes of the trash are wider than a number of Lua; the read script must not round them. */
  @Test
  void chainsToWideInodes() {
    long[] inodes = {1, 2, 0xFFFF, 1L << 32, (1L << 53) - 1, (1L << 53) + 1, HOUR.value(), -1L};
    for (long inode : inodes) {
      Name name = Name.of("n" + Long.toHexString(inode));
      Attr attr = directory(0755, new Timestamp(inode & 0xFFFF, 5), Ino.ROOT);
      raw.ask("SET", "i" + Long.toUnsignedString(inode), "");
      write(
          new Mutation.Put<>(Records.ATTR, new Ino(inode), attr),
          new Mutation.PutField<>(
              Records.DENTRY, Ino.ROOT, name, new Dentry(FileType.DIRECTORY, new Ino(inode))));
      if (inode < 0) {
        continue; // decimal text of the format is signed; such inodes do not exist
      }
      Map<Ref, Observed> seen = engine.fetch(List.of(new Ref.OfAttrBehind(Ino.ROOT, name)));
      assertThat(seen.get(new Ref.OfCell<>(Records.ATTR, new Ino(inode))).value()).isEqualTo(attr);
    }
  }

  @Test
  void chunksAndSlices() {
    write(
        new Mutation.Append<>(
            Records.CHUNK,
            new ChunkKey(new Ino(9), 1),
            List.of(new Slice(0x600000, 2, 5000, 0, 5000))),
        new Mutation.Append<>(
            Records.CHUNK,
            new ChunkKey(new Ino(16), 0),
            List.of(
                new Slice(0, 5, 1000, 0, 1000),
                new Slice(1000, 6, 1000, 0, 1000),
                Slice.hole(500, 1500))),
        new Mutation.Add<>(Records.SLICE_REF, new SliceId(5, 1000), new long[] {1}),
        new Mutation.Put<>(
            Records.DELAYED_SLICES,
            new DelayedSlice(19, 1795292115L),
            List.of(new SliceId(7, 3000), new SliceId(8, 3000))),
        new Mutation.PutField<>(
            Records.DELETED_FILE, Volume.KEY, new DeletedFile(new Ino(23), 25000), 1795292000L));
    assertThat(raw.hex("LINDEX", "c9_1", "0"))
        .isEqualTo("006000000000000000000002000013880000000000001388");
    assertThat(raw.ask("LLEN", "c16_0")).isEqualTo(3L);
    assertThat(raw.hex("LINDEX", "c16_0", "2"))
        .isEqualTo("000001f400000000000000000000000000000000000005dc");
    assertThat(raw.ask("HGET", "sliceRef", "k5_1000")).isEqualTo("1");
    assertThat(raw.hex("HGET", "delSlices", "19_1795292115"))
        .isEqualTo("000000000000000700000bb8000000000000000800000bb8");
    assertThat(raw.ask("ZSCORE", "delfiles", "23:25000")).isEqualTo("1795292000");
  }

  @Test
  void locksAndTheSetsOfTheirSessions() {
    Ino file = new Ino(13);
    LockOwner flock = new LockOwner(1, 0x1438B3A3105A9D20L);
    LockOwner plock = new LockOwner(1, 0xFED8A416CB94B3FBL);
    LockOwner second = new LockOwner(1, 7);
    write(
        new Mutation.PutField<>(Records.FLOCK, file, flock, true),
        new Mutation.PutField<>(
            Records.PLOCK,
            file,
            plock,
            List.of(new PosixLock(true, 0x6da2, 5, 14), new PosixLock(false, 0x6da2, 50, 69))));
    assertThat(raw.ask("HGET", "lockf13", "1_1438B3A3105A9D20")).isEqualTo("W");
    assertThat(raw.hex("HGET", "lockp13", "1_FED8A416CB94B3FB"))
        .isEqualTo(
            "0000000100006da20000000000000005000000000000000e"
                + "0000000000006da200000000000000320000000000000045");
    assertThat(locked(1)).containsExactlyInAnyOrder("lockf13", "lockp13");

    write(new Mutation.PutField<>(Records.FLOCK, file, second, false));
    write(new Mutation.RemoveField<>(Records.FLOCK, file, flock));
    assertThat(locked(1)).containsExactlyInAnyOrder("lockf13", "lockp13");
    write(new Mutation.RemoveField<>(Records.FLOCK, file, second));
    assertThat(locked(1)).containsExactly("lockp13");

    Map<Ref, Observed> seen = engine.fetch(List.of(new Ref.OfRows<>(Records.PLOCK, file)));
    engine.commit(new Commit(seen, List.of(new Mutation.Clear<>(Records.PLOCK, file))));
    assertThat(locked(1)).isEmpty();
    assertThat(raw.ask("EXISTS", "lockp13")).isEqualTo(0L);
  }

  @SuppressWarnings("unchecked")
  private List<Object> locked(long sid) {
    return (List<Object>) raw.ask("SMEMBERS", "locked" + sid);
  }

  @Test
  void locksOfASessionAreFoundThroughItsSet() {
    for (long ino = 1; ino <= 3; ino++) {
      write(
          new Mutation.PutField<>(Records.FLOCK, new Ino(ino), new LockOwner(ino % 2, 7), true),
          new Mutation.PutField<>(
              Records.PLOCK,
              new Ino(ino),
              new LockOwner(1, 8),
              List.of(new PosixLock(true, 9, 0, 5))));
    }
    assertThat(engine.scanLocks(Records.FLOCK, 1, null, 100).rows())
        .extracting(Row::key)
        .containsExactlyInAnyOrder(new Ino(1), new Ino(3));
    assertThat(engine.scanLocks(Records.FLOCK, 0, null, 100).rows()).hasSize(1);
    assertThat(engine.scanLocks(Records.PLOCK, 1, null, 100).rows()).hasSize(3);
    assertThat(engine.scanLocks(Records.PLOCK, 5, null, 100).rows()).isEmpty();
  }

  @Test
  void aclQuotaAndExtendedAttributes() {
    AclRule rule =
        new AclRule(
            7, 5, 7, 5, List.of(new AclRule.Named(1001, 7)), List.of(new AclRule.Named(2002, 5)));
    QuotaKey directory = new QuotaKey(QuotaKey.Kind.DIRECTORY, 2);
    QuotaKey user = new QuotaKey(QuotaKey.Kind.USER, 1000);
    write(
        new Mutation.Put<>(Records.ACL, 1, rule),
        new Mutation.Put<>(Records.QUOTA, directory, new QuotaLimits(10L << 30, 1000)),
        new Mutation.Put<>(Records.QUOTA, user, new QuotaLimits(5L << 30, -1)),
        new Mutation.SetCounter<>(Records.QUOTA_USED, user, new long[] {4096, 1}),
        new Mutation.PutField<>(
            Records.XATTR,
            new Ino(3),
            Name.of("user.foo"),
            "bar\0baz".getBytes(StandardCharsets.ISO_8859_1)));
    assertThat(raw.hex("HGET", "acl", "1"))
        .isEqualTo("000700050007000500000001000003e9000700000001000007d20005");
    assertThat(raw.hex("HGET", "dirQuota", "2")).isEqualTo("000000028000000000000000000003e8");
    assertThat(raw.hex("HGET", "userQuota", "1000")).isEqualTo("0000000140000000ffffffffffffffff");
    assertThat(raw.ask("HGET", "userQuotaUsedSpace", "1000")).isEqualTo("4096");
    assertThat(raw.ask("HGET", "userQuotaUsedInodes", "1000")).isEqualTo("1");
    assertThat(raw.hex("HGET", "x3", "user.foo")).isEqualTo("6261720062617a");
  }

  @Test
  void sessionsStatisticsAndLeases() {
    write(
        new Mutation.PutField<>(Records.SESSION_EXPIRY, Volume.KEY, 4L, 1795292300L),
        new Mutation.PutField<>(
            Records.SESSION, Volume.KEY, 4L, "{}".getBytes(StandardCharsets.UTF_8)),
        new Mutation.PutField<>(Records.SUSTAINED, 4L, new Ino(1026), true),
        new Mutation.PutField<>(Records.DETACHED, Volume.KEY, new Ino(77), 1795292301L),
        new Mutation.Put<>(Records.LEASE, Lease.CLEANUP_SLICES, 1795292302L),
        new Mutation.SetCounter<>(Records.DIR_STAT, new Ino(2), new long[] {11, 4096, 1}),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}));
    assertThat(raw.ask("ZSCORE", "allSessions", "4")).isEqualTo("1795292300");
    assertThat(raw.ask("HGET", "sessionInfos", "4")).isEqualTo("{}");
    assertThat(raw.ask("SMEMBERS", "session4")).isEqualTo(List.of("1026"));
    assertThat(raw.ask("ZSCORE", "detachedNodes", "77")).isEqualTo("1795292301");
    assertThat(raw.ask("GET", "nextCleanupSlices")).isEqualTo("1795292302");
    assertThat(raw.ask("HGET", "dirDataLength", "2")).isEqualTo("11");
    assertThat(raw.ask("HGET", "dirUsedSpace", "2")).isEqualTo("4096");
    assertThat(raw.ask("HGET", "dirUsedInodes", "2")).isEqualTo("1");
    assertThat(raw.ask("GET", "usedSpace")).isEqualTo("4096");
    assertThat(raw.ask("GET", "totalInodes")).isEqualTo("1");
  }

  @Test
  void sequencesCountTheLastIdUsed() {
    assertThat(engine.allocate(Sequence.INODE, 1023)).isEqualTo(2);
    assertThat(raw.ask("GET", "nextinode")).isEqualTo("1024");
    assertThat(engine.allocate(Sequence.SLICE, 4096)).isEqualTo(1);
    assertThat(raw.ask("GET", "nextchunk")).isEqualTo("4096");
    assertThat(engine.allocate(Sequence.SESSION, 1)).isEqualTo(1);
    assertThat(engine.allocate(Sequence.TRASH_DIR, 1)).isEqualTo(1);
    assertThat(engine.allocate(Sequence.ACL, 1)).isEqualTo(1);
    assertThat(raw.ask("GET", "nextsession")).isEqualTo("1");
    assertThat(raw.ask("GET", "nextTrash")).isEqualTo("1");
    assertThat(raw.ask("GET", "aclMaxId")).isEqualTo("1");
  }

  @Test
  void changeLogLinesCountThemselves() {
    byte[] one =
        "1795292246.650630064|UNLINK(1028,x,0,false,false):1026|(2,30)"
            .getBytes(StandardCharsets.UTF_8);
    write(new Mutation.Append<>(Records.CHANGE_LOG, Volume.KEY, List.of(one)));
    write(new Mutation.Append<>(Records.CHANGE_LOG, Volume.KEY, List.of(one, one)));
    assertThat(raw.ask("LLEN", "txnLog")).isEqualTo(3L);
    assertThat(raw.ask("GET", "txnLastLog")).isEqualTo("3");
    assertThat(raw.ask("LINDEX", "txnLog", "2")).isEqualTo(new String(one, StandardCharsets.UTF_8));
  }

  @Test
  void strangersAreSkipped() {
    raw.ask("ZADD", "delfiles", "1", "12:3:4");
    raw.ask("SET", "info", "x");
    raw.ask("SET", "i1x", "x");
    raw.ask("SET", "i007", "x");
    raw.ask("HSET", "d5", "", "broken");
    raw.ask("HSET", "sliceRef", "rubbish", "1");
    assertThat(engine.list(Records.DELETED_FILE, Volume.KEY, null, 10).rows()).isEmpty();
    assertThat(engine.scan(Records.ATTR, null, 10).rows()).isEmpty();
    assertThat(engine.list(Records.DENTRY, new Ino(5), null, 10).rows()).isEmpty();
    assertThat(engine.scan(Records.SLICE_REF, null, 10).rows()).isEmpty();
  }

  @Test
  void corruptValuesAreNamed() {
    raw.ask("SET", "i5", "short");
    raw.ask("HSET", "d1", "name", "short");
    raw.ask("SET", "usedSpace", "many");
    raw.ask("SET", "d2", "not a hash");
    assertCorrupt(() -> read(new Ref.OfCell<>(Records.ATTR, new Ino(5))), "key=5");
    assertCorrupt(
        () -> engine.fetch(List.of(new Ref.OfAttrBehind(Ino.ROOT, Name.of("name")))), "name");
    assertCorrupt(() -> engine.list(Records.DENTRY, Ino.ROOT, null, 9), "d1");
    assertCorrupt(() -> read(new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY)), "USED_SPACE");
    assertCorrupt(
        () -> read(new Ref.OfField<>(Records.DENTRY, new Ino(2), Name.of("x"))), "WRONGTYPE");
  }

  private static void assertCorrupt(ThrowingCallable read, String part) {
    assertThatThrownBy(read).isInstanceOf(CorruptRecordException.class).hasMessageContaining(part);
  }

  /** Redis does not roll scripts back: what would fail has to fail before the first write. */
  @Test
  void aCommitThatCannotSucceedWritesNothing() {
    raw.ask("SET", "d2", "not a hash");
    raw.ask("SET", "usedSpace", "many");
    Mutation good =
        new Mutation.Put<>(Records.ATTR, Ino.ROOT, directory(0777, Timestamp.EPOCH, Ino.ROOT));
    Mutation delete = new Mutation.Delete<>(Records.SYMLINK, new Ino(4));
    raw.ask("SET", "s4", "target");
    List<Mutation> bad =
        List.of(
            new Mutation.PutField<>(
                Records.DENTRY, new Ino(2), Name.of("x"), new Dentry(FileType.REGULAR, Ino.ROOT)),
            new Mutation.RemoveField<>(Records.DENTRY, new Ino(2), Name.of("x")),
            new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {1}));
    for (Mutation mutation : bad) {
      assertThatThrownBy(() -> write(delete, good, mutation))
          .isInstanceOf(CorruptRecordException.class);
      assertThat(raw.ask("EXISTS", "i1", "s4")).isEqualTo(1L);
    }
  }

  @Test
  void largeTablesAndLogs() {
    Ino big = new Ino(50);
    for (int i = 0; i < 3500; i++) {
      raw.ask("HSET", "d50", "name" + i, RawRedis.bytes("010000000000000007"));
      raw.ask("ZADD", "delfiles", "" + i, i + ":100");
      raw.ask("SADD", "session9", "" + i);
    }
    assertThat(countRows(limit -> from -> engine.list(Records.DENTRY, big, from, limit)))
        .isEqualTo(3500);
    assertThat(
            countRows(limit -> from -> engine.list(Records.DELETED_FILE, Volume.KEY, from, limit)))
        .isEqualTo(3500);
    assertThat(countRows(limit -> from -> engine.list(Records.SUSTAINED, 9L, from, limit)))
        .isEqualTo(3500);
    assertThat(countRows(limit -> from -> engine.scan(Records.DENTRY, from, limit)))
        .isEqualTo(3500);

    ChunkKey chunk = new ChunkKey(big, 0);
    List<Slice> slices =
        IntStream.range(0, 2500).mapToObj(i -> new Slice(i, i + 1, 10, 0, 10)).toList();
    CommitOutcome outcome = write(new Mutation.Append<>(Records.CHUNK, chunk, slices));
    Ref log = new Ref.OfLog<>(Records.CHUNK, chunk);
    assertThat(outcome.logLengths()).isEqualTo(Map.of(log, 2500));
    assertThat(read(log)).isEqualTo(slices);
    Map<Ref, Observed> seen = engine.fetch(List.of(log));
    engine.commit(
        new Commit(seen, List.of(new Mutation.ReplaceHead<>(Records.CHUNK, chunk, 2400, slices))));
    assertThat(raw.ask("LLEN", "c50_0")).isEqualTo(2600L);
    assertThat(((List<?>) read(log)).subList(0, 2500)).isEqualTo(slices);
  }

  private interface Pager<R> {
    Function<Object, Page<R>> of(int limit);
  }

  private static <R> int countRows(Pager<R> pager) {
    Set<Object> keys = new HashSet<>();
    Object from = null;
    do {
      Page<R> page = pager.of(700).apply(from);
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(700);
      page.rows().forEach(row -> keys.add(keyOf((Row<?, ?>) row)));
      from = page.next();
    } while (from != null);
    return keys.size();
  }

  private static Object keyOf(Row<?, ?> row) {
    return row.value() instanceof Row<?, ?> inner ? List.of(row.key(), inner.key()) : row.key();
  }

  @Test
  void chunkIndexesOfVerySparseFiles() {
    for (String index : List.of("0", "5", "70000", "2147483000")) {
      raw.ask("RPUSH", "c8_" + index, "x");
    }
    raw.ask("RPUSH", "c80_1", "x");
    assertThat(read(new Ref.OfChunkIndexes(Records.CHUNK, new Ino(8), 1, Integer.MAX_VALUE)))
        .isEqualTo(List.of(5, 70000, 2147483000));
    assertThat(read(new Ref.OfChunkIndexes(Records.CHUNK, new Ino(8), 0, 70001)))
        .isEqualTo(List.of(0, 5, 70000));
    assertThat(read(new Ref.OfChunkIndexes(Records.CHUNK, new Ino(8), 0, 9999)))
        .isEqualTo(List.of(0, 5));
  }
}
