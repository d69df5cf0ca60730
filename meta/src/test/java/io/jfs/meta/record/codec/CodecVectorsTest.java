package io.jfs.meta.record.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The vectors of metadata spec section 11, byte for byte, and what is refused. */
class CodecVectorsTest {
  private static final String AT = "000000006b01fb54 00000000";
  private static final String TIMES = AT + " " + AT + " " + AT;
  private static final Timestamp T = new Timestamp(1795291988L, 0);

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static Attr attr(FileType type, int mode, int nlink, long length, int rdev, long parent) {
    return new Attr(type, 0, mode, 0, 0, T, T, T, nlink, length, rdev, new Ino(parent), 0, 0, 0);
  }

  private static void assertAttr(String hex, Attr expected) {
    assertThat(AttrCodec.INSTANCE.decode(hex(hex), "vector")).isEqualTo(expected);
    assertThat(AttrCodec.INSTANCE.encode(expected)).isEqualTo(hex(hex));
  }

  @Test
  void freshRoot() {
    assertAttr(
        "00 21ff 00000000 00000000 "
            + TIMES
            + " 00000002 0000000000001000 00000000 0000000000000001 00",
        attr(FileType.DIRECTORY, 0777, 2, 4096, 0, 1));
  }

  @Test
  void trashRoot() {
    assertAttr(
        "00 216d 00000000 00000000 "
            + TIMES
            + " 00000002 0000000000001000 00000000 0000000000000001 00",
        attr(FileType.DIRECTORY, 0555, 2, 4096, 0, 1));
  }

  @Test
  void hourlyTrash() {
    Timestamp t = new Timestamp(0x6b01fb7bL, 0x2bac150b);
    assertAttr(
        "00 216d 00000000 00000000 000000006b01fb7b 2bac150b 000000006b01fb7b 2bac150b"
            + " 000000006b01fb7b 2bac150b 00000002 0000000000001000 00000000 7fffffff10000000 00",
        new Attr(FileType.DIRECTORY, 0, 0555, 0, 0, t, t, t, 2, 4096, 0, Ino.TRASH_ROOT, 0, 0, 0));
  }

  @Test
  void hardLinkedFile() {
    assertAttr(
        "00 11a4 000003e8 000003e9 000000006b01fb68 36d281e0 000000006b01fb68 37ae08c6"
            + " 000000006b01fb68 37ec5702 00000003 000000000000000b 00000000 0000000000000000 00",
        new Attr(
            FileType.REGULAR,
            0,
            0644,
            1000,
            1001,
            new Timestamp(0x6b01fb68L, 0x36d281e0),
            new Timestamp(0x6b01fb68L, 0x37ae08c6),
            new Timestamp(0x6b01fb68L, 0x37ec5702),
            3,
            11,
            0,
            Ino.NONE,
            0,
            0,
            0));
  }

  @Test
  void setTimes() {
    assertAttr(
        "00 11a4 00000000 00000000 000000003b9aca00 075bcd15 000000004190ab00 3ade68b1"
            + " 000000006b01fb68 382324f5 00000001 0000000004601388 00000000 0000000000000002 00",
        new Attr(
            FileType.REGULAR,
            0,
            0644,
            0,
            0,
            new Timestamp(1_000_000_000L, 123_456_789),
            new Timestamp(1_100_000_000L, 987_654_321),
            new Timestamp(0x6b01fb68L, 0x382324f5),
            1,
            73_405_320,
            0,
            new Ino(2),
            0,
            0,
            0));
  }

  @Test
  void nodesOfOtherTypes() {
    assertAttr(
        "00 31ff 00000000 00000000 "
            + TIMES
            + " 00000001 000000000000000e 00000000 0000000000000002 00",
        attr(FileType.SYMLINK, 0777, 1, 14, 0, 2));
    assertAttr(
        "00 61a4 00000000 00000000 "
            + TIMES
            + " 00000001 0000000000000000 00000501 0000000000000002 00",
        attr(FileType.CHAR_DEVICE, 0644, 1, 0, 0x501, 2));
    assertAttr(
        "00 5180 00000000 00000000 "
            + TIMES
            + " 00000001 0000000000000000 00000811 0000000000000002 00",
        attr(FileType.BLOCK_DEVICE, 0600, 1, 0, 0x811, 2));
  }

  @Test
  void aclIds() {
    Timestamp t = new Timestamp(0x6b01fb68L, 0x3aa2948e);
    assertAttr(
        "00 21fd 00000000 00000000 000000006b01fb68 3aa2948e 000000006b01fb68 3aa2948e"
            + " 000000006b01fb68 3aa2948e 00000002 0000000000001000 00000000 0000000000000005"
            + " 00000002 00000002 00",
        new Attr(FileType.DIRECTORY, 0, 0775, 0, 0, t, t, t, 2, 4096, 0, new Ino(5), 2, 2, 0));
    assertAttr(
        "00 11b4 00000000 00000000 "
            + TIMES
            + " 00000001 0000000000000000 00000000 0000000000000005 00000003 00000000 00",
        attr(FileType.REGULAR, 0664, 1, 0, 0, 5).edit().accessAcl(3).build());
    assertAttr(
        "00 11b4 00000000 00000000 "
            + TIMES
            + " 00000000 0000000000000003 00000000 0000000000000005 00000003 00000000 00",
        attr(FileType.REGULAR, 0664, 0, 3, 0, 5).edit().accessAcl(3).build());
  }

  @Test
  void tiersWithAndWithoutAcl() {
    Attr plain = attr(FileType.REGULAR, 0644, 1, 7, 0, 2);
    Attr tier = plain.edit().tier(1).build();
    Attr both = plain.edit().tier(2).accessAcl(4).build();
    assertThat(AttrCodec.INSTANCE.encode(tier)).hasSize(73);
    assertThat(AttrCodec.INSTANCE.encode(tier)[71]).isEqualTo((byte) 1);
    assertThat(AttrCodec.INSTANCE.encode(both)).hasSize(81);
    assertThat(AttrCodec.INSTANCE.encode(both)[79]).isEqualTo((byte) 2);
    assertThat(AttrCodec.INSTANCE.decode(AttrCodec.INSTANCE.encode(tier), "t")).isEqualTo(tier);
    assertThat(AttrCodec.INSTANCE.decode(AttrCodec.INSTANCE.encode(both), "t")).isEqualTo(both);
  }

  @Test
  void shortOldForms() {
    Attr attr = attr(FileType.REGULAR, 0644, 1, 7, 0, 2);
    byte[] stored = AttrCodec.INSTANCE.encode(attr);
    assertThat(AttrCodec.INSTANCE.decode(Arrays.copyOf(stored, 71), "a")).isEqualTo(attr);
    assertThat(AttrCodec.INSTANCE.decode(Arrays.copyOf(stored, 63), "a"))
        .isEqualTo(attr.edit().parent(Ino.NONE).build());
  }

  @Test
  void timesBefore1970() {
    Attr attr =
        attr(FileType.REGULAR, 0644, 1, 7, 0, 2)
            .edit()
            .mtime(new Timestamp(-5, 999_999_999))
            .build();
    assertThat(AttrCodec.INSTANCE.decode(AttrCodec.INSTANCE.encode(attr), "a")).isEqualTo(attr);
  }

  @Test
  void entries() {
    assertThat(DentryCodec.INSTANCE.decode(hex("02 7fffffff10000001"), "d"))
        .isEqualTo(new Dentry(FileType.DIRECTORY, new Ino(0x7FFFFFFF10000001L)));
    assertThat(DentryCodec.INSTANCE.encode(new Dentry(FileType.REGULAR, new Ino(3))))
        .isEqualTo(hex("01 0000000000000003"));
  }

  @Test
  void slices() {
    byte[] stored =
        hex(
            "00000000 0000000000000005 000003e8 00000000 000003e8"
                + "000003e8 0000000000000006 000003e8 00000000 000003e8"
                + "000001f4 0000000000000000 00000000 00000000 000005dc");
    List<Slice> slices =
        List.of(
            new Slice(0, 5, 1000, 0, 1000),
            new Slice(1000, 6, 1000, 0, 1000),
            Slice.hole(500, 1500));
    assertThat(SliceCodec.LIST.decode(stored, "c")).isEqualTo(slices);
    assertThat(SliceCodec.LIST.encode(slices)).isEqualTo(stored);
    byte[] one = hex("00600000 0000000000000002 00001388 00000000 00001388");
    assertThat(SliceCodec.INSTANCE.decode(one, "c"))
        .isEqualTo(new Slice(6 << 20, 2, 5000, 0, 5000));
    assertThat(SliceCodec.INSTANCE.encode(new Slice(6 << 20, 2, 5000, 0, 5000))).isEqualTo(one);
  }

  @Test
  void delayedSlices() {
    byte[] stored = hex("0000000000000007 00000bb8 0000000000000008 00000bb8");
    List<SliceId> ids = List.of(new SliceId(7, 3000), new SliceId(8, 3000));
    assertThat(SliceIdListCodec.INSTANCE.decode(stored, "l")).isEqualTo(ids);
    assertThat(SliceIdListCodec.INSTANCE.encode(ids)).isEqualTo(stored);
  }

  @Test
  void posixLocks() {
    byte[] stored =
        hex(
            "00000001 00006da2 0000000000000005 000000000000000e"
                + "00000000 00006da2 0000000000000032 0000000000000045");
    List<PosixLock> locks =
        List.of(new PosixLock(true, 28066, 5, 14), new PosixLock(false, 28066, 50, 69));
    assertThat(PosixLockCodec.INSTANCE.decode(stored, "p")).isEqualTo(locks);
    assertThat(PosixLockCodec.INSTANCE.encode(locks)).isEqualTo(stored);
  }

  @Test
  void aclRules() {
    byte[] one = hex("0007 0005 0007 0005 00000001 000003e9 0007 00000001 000007d2 0005");
    AclRule rule =
        new AclRule(
            7, 5, 7, 5, List.of(new AclRule.Named(1001, 7)), List.of(new AclRule.Named(2002, 5)));
    assertThat(AclCodec.INSTANCE.decode(one, "r")).isEqualTo(rule);
    assertThat(AclCodec.INSTANCE.encode(rule)).isEqualTo(one);
    byte[] three = hex("0006 0005 0006 0004 00000001 000003e9 0006 00000000");
    AclRule child = new AclRule(6, 5, 6, 4, List.of(new AclRule.Named(1001, 6)), List.of());
    assertThat(AclCodec.INSTANCE.decode(three, "r")).isEqualTo(child);
    assertThat(AclCodec.INSTANCE.encode(child)).isEqualTo(three);
  }

  @Test
  void quotaLimits() {
    byte[] stored = hex("0000000280000000 00000000000003e8");
    QuotaLimits limits = new QuotaLimits(10L << 30, 1000);
    assertThat(QuotaLimitsCodec.INSTANCE.decode(stored, "q")).isEqualTo(limits);
    assertThat(QuotaLimitsCodec.INSTANCE.encode(limits)).isEqualTo(stored);
  }

  @Test
  void numbers() {
    assertThat(LongCodec.LITTLE_ENDIAN.encode(1026L)).isEqualTo(hex("0204000000000000"));
    assertThat(LongCodec.BIG_ENDIAN.decode(hex("000000006b01fc9a"), "n")).isEqualTo(0x6b01fc9aL);
  }

  @Test
  void wrongShapesAreRefusedByName() {
    refused(AttrCodec.INSTANCE, new byte[62]);
    refused(AttrCodec.INSTANCE, new byte[72]); // type 0
    refused(DentryCodec.INSTANCE, new byte[8]);
    refused(DentryCodec.INSTANCE, new byte[9]);
    refused(SliceCodec.INSTANCE, new byte[23]);
    refused(SliceCodec.LIST, new byte[25]);
    refused(SliceIdListCodec.INSTANCE, new byte[13]);
    refused(PosixLockCodec.INSTANCE, new byte[25]);
    refused(PosixLockCodec.INSTANCE, hex("00000002" + "00".repeat(20)));
    refused(AclCodec.INSTANCE, new byte[15]);
    refused(AclCodec.INSTANCE, new byte[17]);
    refused(AclCodec.INSTANCE, hex("0006 0005 0006 0004 ffffffff 00000000"));
    refused(QuotaLimitsCodec.INSTANCE, new byte[17]);
    refused(LongCodec.BIG_ENDIAN, new byte[7]);
  }

  private static void refused(Codec<?> codec, byte[] stored) {
    assertThatThrownBy(() -> codec.decode(stored, "RECORD(7)"))
        .isInstanceOf(CorruptRecordException.class)
        .hasMessageContaining("RECORD(7)");
  }

  /** Whatever the bytes, decoding answers or refuses; it never fails otherwise. */
  @Property(tries = 500)
  void anyBytes(@ForAll @Size(max = 100) byte[] stored, @ForAll @IntRange(max = 6) int which) {
    Codec<?> codec =
        List.of(
                AttrCodec.INSTANCE,
                DentryCodec.INSTANCE,
                SliceCodec.LIST,
                SliceIdListCodec.INSTANCE,
                PosixLockCodec.INSTANCE,
                AclCodec.INSTANCE,
                QuotaLimitsCodec.INSTANCE)
            .get(which);
    try {
      assertThat(codec.decode(stored, "any")).isNotNull();
    } catch (CorruptRecordException e) {
      assertThat(e).hasMessageContaining("any");
    }
  }
}
