package io.jfs.meta.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
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
import io.jfs.meta.record.Records.Lease;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Mutation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The vectors of metadata spec 11.4: what a mutation puts under which key, byte for byte. */
class KvLayoutTest {
  private final MemoryKv kv = new MemoryKv("memkv://layout");
  private final KvEngine engine = new KvEngine(kv);

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private void expect(String key, String value, Mutation... mutations) {
    assertThat(engine.commit(new Commit(Map.of(), List.of(mutations))).status())
        .isEqualTo(Status.COMMITTED);
    assertThat(stored(key)).isEqualTo(value.replace(" ", ""));
  }

  private String stored(String key) {
    KvPair pair = kv.read(s -> s.read(List.of(KvQuery.key(hex(key)))).get(0).single());
    return pair == null ? "absent" : HexFormat.of().formatHex(pair.value());
  }

  @Test
  void sequences() {
    assertThat(engine.allocate(Sequence.INODE, 0)).isEqualTo(2);
    assertThat(stored("43 6e657874496e6f6465")).isEqualTo("0200000000000000");
    assertThat(engine.allocate(Sequence.INODE, 1024)).isEqualTo(2);
    assertThat(stored("43 6e657874496e6f6465")).isEqualTo("0204000000000000");
    assertThat(engine.allocate(Sequence.SLICE, 0)).isEqualTo(1);
    assertThat(stored("43 6e6578744368756e6b")).isEqualTo("0100000000000000");
    assertThat(engine.allocate(Sequence.SLICE, 4096)).isEqualTo(1);
    assertThat(stored("43 6e6578744368756e6b")).isEqualTo("0110000000000000");
    assertThat(engine.allocate(Sequence.SESSION, 1)).isEqualTo(1);
    assertThat(stored(ascii("CnextSession"))).isEqualTo("0100000000000000");
    assertThat(engine.allocate(Sequence.TRASH_DIR, 1)).isEqualTo(1);
    assertThat(stored(ascii("CnextTrash"))).isEqualTo("0100000000000000");
    assertThat(engine.allocate(Sequence.ACL, 1)).isEqualTo(1);
    assertThat(stored(ascii("CaclMaxId"))).isEqualTo("0100000000000000");
  }

  private static String ascii(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void totalsAndLeases() {
    expect(
        "43 75736564 5370616365",
        "0090c10800000000",
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {0x08c19000}));
    expect(
        ascii("CtotalInodes"),
        "0500000000000000",
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {5}));
    expect(
        "43 6c617374436c65616e757053657373696f6e73",
        "000000006b01fc9a",
        new Mutation.Put<>(Records.LEASE, Lease.CLEANUP_SESSIONS, 0x6b01fc9aL));
    expect(
        ascii("CnextCleanupSlices"),
        "0000000000000001",
        new Mutation.Put<>(Records.LEASE, Lease.CLEANUP_SLICES, 1L));
  }

  @Test
  void inodes() {
    Timestamp t = new Timestamp(1795291988L, 0);
    Attr attr = new Attr(FileType.DIRECTORY, 0, 0777, 0, 0, t, t, t, 2, 4096, 0, Ino.ROOT, 0, 0, 0);
    expect(
        "41 0200000000000000 49",
        "0021ff0000000000000000000000006b01fb5400000000000000006b01fb5400000000000000006b01fb54"
            + "0000000000000002000000000000100000000000000000000000000100",
        new Mutation.Put<>(Records.ATTR, new Ino(2), attr));
    expect(
        "41 0100000000000000 44 64697231",
        "02 0000000000000002",
        new Mutation.PutField<>(
            Records.DENTRY, Ino.ROOT, Name.of("dir1"), new Dentry(FileType.DIRECTORY, new Ino(2))));
    expect(
        "41 00000010ffffff7f 44 323032362d31312d32312d3230",
        "02 7fffffff10000001",
        new Mutation.PutField<>(
            Records.DENTRY,
            Ino.TRASH_ROOT,
            Name.of("2026-11-21-20"),
            new Dentry(FileType.DIRECTORY, new Ino(0x7FFFFFFF10000001L))));
    expect(
        "41 0300000000000000 50 0200000000000000",
        "0200000000000000",
        new Mutation.PutField<>(Records.PARENT, new Ino(3), new Ino(2), 2L));
    expect(
        "41 0600000000000000 43 00000001",
        "00600000 0000000000000003 00001388 00000000 00001388",
        new Mutation.Append<>(
            Records.CHUNK,
            new ChunkKey(new Ino(6), 1),
            List.of(new Slice(6 << 20, 3, 5000, 0, 5000))));
    expect(
        "41 0400000000000000 53",
        "2e2e2f7461726765742f70617468",
        new Mutation.Put<>(
            Records.SYMLINK, new Ino(4), "../target/path".getBytes(StandardCharsets.US_ASCII)));
    expect(
        "41 0300000000000000 58 757365722e666f6f",
        "6261720062617a",
        new Mutation.PutField<>(
            Records.XATTR, new Ino(3), Name.of("user.foo"), hex("6261720062617a")));
  }

  @Test
  void locks() {
    expect(
        "46 1000000000000000",
        "0000000000000001 03cb5c57973ced3f 57",
        new Mutation.PutField<>(
            Records.FLOCK, new Ino(16), new LockOwner(1, 0x03cb5c57973ced3fL), true));
    expect(
        "50 1000000000000000",
        "0000000000000001 7acf545854b502ce 00000030 00000001 00001287 0000000000000005"
            + " 000000000000000e 00000000 00001287 0000000000000032 0000000000000045",
        new Mutation.PutField<>(
            Records.PLOCK,
            new Ino(16),
            new LockOwner(1, 0x7acf545854b502ceL),
            List.of(new PosixLock(true, 0x1287, 5, 14), new PosixLock(false, 0x1287, 50, 69))));
    expect(
        "46 1000000000000000",
        "absent",
        new Mutation.RemoveField<>(
            Records.FLOCK, new Ino(16), new LockOwner(1, 0x03cb5c57973ced3fL)));
    expect("50 1000000000000000", "absent", new Mutation.Clear<>(Records.PLOCK, new Ino(16)));
  }

  @Test
  void slices() {
    expect(
        "4b 0000000000000001 0000000b",
        "0200000000000000",
        new Mutation.Add<>(Records.SLICE_REF, new SliceId(1, 11), new long[] {2}));
    expect(
        "4c 000000006b01fc09 0000000000000011",
        "0000000000000007 00000bb8",
        new Mutation.Put<>(
            Records.DELAYED_SLICES,
            new DelayedSlice(17, 0x6b01fc09L),
            List.of(new SliceId(7, 3000))));
    expect(
        "44 1700000000000000 00000000000061a8",
        "000000006b01fc43",
        new Mutation.PutField<>(
            Records.DELETED_FILE,
            Volume.KEY,
            new Records.DeletedFile(new Ino(23), 25000),
            0x6b01fc43L));
  }

  @Test
  void sessions() {
    expect(
        "53 45 0000000000000001",
        "000000006b01fc43",
        new Mutation.PutField<>(Records.SESSION_EXPIRY, Volume.KEY, 1L, 0x6b01fc43L));
    expect(
        "53 49 0000000000000001",
        "7b7d",
        new Mutation.PutField<>(Records.SESSION, Volume.KEY, 1L, hex("7b7d")));
    expect(
        "53 53 0000000000000002 0204000000000000",
        "01",
        new Mutation.PutField<>(Records.SUSTAINED, 2L, new Ino(1026), true));
    expect(
        "4e 0204000000000000",
        "000000006b01fc43",
        new Mutation.PutField<>(Records.DETACHED, Volume.KEY, new Ino(1026), 0x6b01fc43L));
    expect(ascii("setting"), "7b7d", new Mutation.Put<>(Records.SETTING, Volume.KEY, hex("7b7d")));
  }

  @Test
  void statsQuotasAndRules() {
    expect(
        "55 0200000000000000",
        "000000000460139e 0000000004606000 0000000000000005",
        new Mutation.SetCounter<>(
            Records.DIR_STAT, new Ino(2), new long[] {0x0460139e, 0x04606000, 5}));
    expect(
        "51 44 0200000000000000",
        "0000000280000000 00000000000003e8 0000000000000000 0000000000000000",
        new Mutation.Put<>(
            Records.QUOTA,
            new QuotaKey(QuotaKey.Kind.DIRECTORY, 2),
            new QuotaLimits(10L << 30, 1000)));
    QuotaKey user = new QuotaKey(QuotaKey.Kind.USER, 1000);
    expect(
        "51 55 00000000000003e8",
        "ffffffffffffffff ffffffffffffffff 0000000000001000 0000000000000001",
        new Mutation.Add<>(Records.QUOTA_USED, user, new long[] {4096, 1}));
    expect(
        "51 55 00000000000003e8",
        "0000000140000000 ffffffffffffffff 0000000000001000 0000000000000001",
        new Mutation.Put<>(Records.QUOTA, user, new QuotaLimits(5L << 30, -1)));
    expect(
        "51 47 00000000000003e8",
        "0000000000000001 0000000000000002 0000000000001000 0000000000000001",
        new Mutation.Put<>(
            Records.QUOTA, new QuotaKey(QuotaKey.Kind.GROUP, 1000), new QuotaLimits(1, 2)),
        new Mutation.SetCounter<>(
            Records.QUOTA_USED, new QuotaKey(QuotaKey.Kind.GROUP, 1000), new long[] {4096, 1}));
    expect(
        "52 00000001",
        "0007 0005 0007 0005 00000001 000003e9 0007 00000001 000007d2 0005",
        new Mutation.Put<>(
            Records.ACL,
            1,
            new AclRule(
                7,
                5,
                7,
                5,
                List.of(new AclRule.Named(1001, 7)),
                List.of(new AclRule.Named(2002, 5)))));
  }

  @Test
  void longestKeyFitsEveryStore() {
    byte[] longest = new byte[Name.MAX_BYTES];
    Arrays.fill(longest, (byte) 0xFF);
    assertThat(KeyBytes.ofInode(-1, 'D', longest)).hasSize(265);
  }
}
