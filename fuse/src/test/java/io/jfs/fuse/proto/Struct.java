package io.jfs.fuse.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A C structure written field by field in the order of linux/fuse.h, to compare layouts with. */
final class Struct {
  private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

  Struct u16(int... values) {
    for (int v : values) {
      bytes.putShort((short) v);
    }
    return this;
  }

  Struct u32(int... values) {
    for (int v : values) {
      bytes.putInt(v);
    }
    return this;
  }

  Struct u64(long... values) {
    for (long v : values) {
      bytes.putLong(v);
    }
    return this;
  }

  Struct text(String text) {
    for (int i = 0; i < text.length(); i++) {
      bytes.put((byte) text.charAt(i));
    }
    return this;
  }

  Struct name(String text) {
    text(text);
    bytes.put((byte) 0);
    return this;
  }

  Struct zeros(int count) {
    bytes.position(bytes.position() + count);
    return this;
  }

  int length() {
    return bytes.position();
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** A request: a header in front of this structure, and dirt behind it. */
  ByteBuffer asRequest(Opcode opcode, long nodeId) {
    ByteBuffer request = dirty();
    Struct header =
        new Struct()
            .u32(40 + length(), opcode.number())
            .u64(0x1234, nodeId)
            .u32(1000, 100, 77)
            .u16(0, 0);
    return request.put(0, header.toBytes()).put(40, toBytes());
  }

  /** A buffer in which every byte that is not written shows. */
  static ByteBuffer dirty() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, (byte) 0xAA);
    }
    return buffer;
  }

  /** Checks that exactly these bytes were written at {@code at}, and none around them. */
  void isWrittenIn(ByteBuffer buffer, int at) {
    byte[] written = new byte[length() + 16];
    buffer.get(at - 8, written);
    byte[] expected = new byte[length() + 16];
    Arrays.fill(expected, (byte) 0xAA);
    System.arraycopy(toBytes(), 0, expected, 8, length());
    assertThat(written).containsExactly(expected);
  }

  /** Checks that a message is exactly these bytes. */
  void isWrittenAtStartOf(ByteBuffer buffer) {
    byte[] written = new byte[length() + 1];
    buffer.get(0, written);
    byte[] expected = Arrays.copyOf(toBytes(), length() + 1);
    expected[length()] = (byte) 0xAA;
    assertThat(written).containsExactly(expected);
  }
}
