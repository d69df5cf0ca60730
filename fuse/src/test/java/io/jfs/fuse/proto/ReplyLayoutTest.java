package io.jfs.fuse.proto;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.fuse.proto.Init.Agreement;
import io.jfs.fuse.proto.Init.Offer;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.FileRangeLock.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Every byte of every reply, against the structures of linux/fuse.h written field by field. */
class ReplyLayoutTest {
  private static final int AT = 16;
  private static final long INO = 0x0102030405060708L;
  private static final Attr ATTR =
      new Attr(
          FileType.REGULAR,
          0,
          06750,
          1000,
          -2,
          new Timestamp(-5, 999_999_999),
          new Timestamp(1L << 33, 7),
          new Timestamp(3, 8),
          2,
          1025,
          0x501,
          Ino.ROOT,
          0,
          0,
          0);

  private final ByteBuffer out = Struct.dirty();

  private static Struct putAttr(Struct s) {
    return s.u64(INO, 1025, 3, -5, 1L << 33, 3)
        .u32(999_999_999, 7, 8, 0106750, 2, 1000, -2, 0x501, 65536, 0);
  }

  @Test
  void header() {
    OutHeader.put(out, 16, -2, 0x1234);
    assertThat(out.getInt(0)).isEqualTo(16);
    assertThat(out.getInt(4)).isEqualTo(-2);
    assertThat(out.getLong(8)).isEqualTo(0x1234);
  }

  @Test
  void attributes() {
    Attributes.putAttrOut(out, AT, INO, ATTR, 1500);
    Struct expected = putAttr(new Struct().u64(1).u32(500_000_000, 0));
    assertThat(expected.length()).isEqualTo(Attributes.ATTR_OUT_BYTES).isEqualTo(104);
    expected.isWrittenIn(out, AT);
  }

  @Test
  void entry() {
    Attributes.putEntryOut(out, AT, new Ino(INO), ATTR, 2001, 3_600_000);
    Struct expected = putAttr(new Struct().u64(INO, 1, 2, 3600).u32(1_000_000, 0));
    assertThat(expected.length()).isEqualTo(Attributes.ENTRY_OUT_BYTES).isEqualTo(128);
    expected.isWrittenIn(out, AT);
  }

  @Test
  void negativeEntry() {
    Attributes.putNegativeEntry(out, AT, 1250);
    new Struct().u64(0, 0, 1, 0).u32(250_000_000, 0).zeros(88).isWrittenIn(out, AT);
  }

  @Test
  void statfs() {
    Attributes.putStatfs(out, AT, 1L << 50, 1L << 49, 1000, 900);
    Struct expected =
        new Struct().u64(1L << 38, 1L << 37, 1L << 37, 1000, 900).u32(4096, 255, 4096, 0);
    expected.zeros(24).isWrittenIn(out, AT);
    assertThat(expected.length()).isEqualTo(Attributes.STATFS_OUT_BYTES).isEqualTo(80);
    Attributes.putStatfs(out, AT, 100, 0, 1, 0);
    assertThat(out.getLong(AT)).as("at least one block").isEqualTo(1);
  }

  @Test
  void openedAndWritten() {
    Files.putOpenOut(out, AT, 42, Files.FOPEN_KEEP_CACHE | Files.FOPEN_DIRECT_IO);
    new Struct().u64(42).u32(3, 0).isWrittenIn(out, AT);
  }

  @Test
  void written() {
    Files.putWriteOut(out, AT, 1 << 20);
    new Struct().u32(1 << 20, 0).isWrittenIn(out, AT);
  }

  @Test
  void ioctl() {
    Files.putIoctlOut(out, AT, new byte[] {1, 2, 3});
    new Struct().u32(0, 0, 0, 0).text("\1\2\3").isWrittenIn(out, AT);
  }

  @Test
  void lock() {
    Locks.putLkOut(out, AT, new FileRangeLock(Type.WRITE, 5, Long.MAX_VALUE, 9));
    new Struct().u64(5, Long.MAX_VALUE).u32(1, 9).isWrittenIn(out, AT);
    Locks.putLkOut(out, AT, new FileRangeLock(Type.UNLOCK, 0, 1, 0));
    assertThat(out.getInt(AT + 16)).isEqualTo(2);
  }

  @Test
  void xattrSize() {
    Xattrs.putSize(out, AT, 77);
    new Struct().u32(77, 0).isWrittenIn(out, AT);
  }

  @Test
  void directoryEntriesArePaddedToEightBytes() {
    for (int length = 1; length <= 9; length++) {
      ByteBuffer page = Struct.dirty();
      byte[] name = "abcdefghi".substring(0, length).getBytes(StandardCharsets.US_ASCII);
      Dirents.put(page, AT, INO, 99, FileType.SYMLINK, name);
      Struct expected = new Struct().u64(INO, 99).u32(length, 012);
      expected.text("abcdefghi".substring(0, length)).zeros(length == 9 ? 7 : 8 - length);
      assertThat(expected.length()).isEqualTo(Dirents.direntBytes(length));
      expected.isWrittenIn(page, AT);
    }
    assertThat(Dirents.direntPlusBytes(8)).isEqualTo(128 + 24 + 8);
  }

  @Test
  void notifications() {
    int length = Notifications.putInvalidateInode(out, INO, -1, 0);
    assertThat(length).isEqualTo(40);
    new Struct().u32(40, 2).u64(0, INO, -1, 0).isWrittenAtStartOf(out);
    ByteBuffer second = Struct.dirty();
    byte[] name = "name".getBytes(StandardCharsets.US_ASCII);
    assertThat(Notifications.putInvalidateEntry(second, INO, name)).isEqualTo(37);
    new Struct().u32(37, 3).u64(0, INO).u32(4, 0).name("name").isWrittenAtStartOf(second);
  }

  @Test
  void agreesOnWhatTheKernelOffersOnly() {
    Offer modest = new Offer(7, 31, 131072, Init.ASYNC_READ | Init.POSIX_ACL | Init.ASYNC_DIO);
    Agreement agreement = Agreement.on(modest, Init.POSIX_ACL, 1 << 20);
    assertThat(agreement.minor()).isEqualTo(31);
    assertThat(agreement.has(Init.POSIX_ACL)).isTrue();
    assertThat(agreement.has(Init.ASYNC_DIO)).as("offered, not wanted").isFalse();
    assertThat(agreement.has(Init.MAX_PAGES)).as("wanted, not offered").isFalse();
    agreement.putReply(out, 0x1234);
    int flags = Init.ASYNC_READ | Init.POSIX_ACL;
    Struct expected = new Struct().u32(80, 0).u64(0x1234).u32(7, 31, 1 << 20, flags);
    expected.u16(64, 48).u32(1 << 20, 1).u16(256, 0).u32(0).zeros(28);
    assertThat(expected.length()).isEqualTo(Init.REPLY_BYTES).isEqualTo(80);
    expected.isWrittenAtStartOf(out);
    Offer newer = new Offer(7, 99, 0, -1);
    assertThat(Agreement.on(newer, 0, 4096).minor()).isEqualTo(Init.MINOR);
    assertThat(Agreement.on(newer, 0, 4096).has(Init.WRITEBACK_CACHE)).isFalse();
  }
}
