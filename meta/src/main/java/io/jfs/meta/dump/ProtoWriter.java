package io.jfs.meta.dump;

import java.io.ByteArrayOutputStream;

/**
 * One protobuf message in the making; members that are zero or empty are left out, as proto3 does.
 */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

  ProtoWriter number(int field, long value) {
    if (value != 0) {
      varint((long) field << 3 | VARINT);
      varint(value);
    }
    return this;
  }

  ProtoWriter bytes(int field, byte[] value) {
    return value.length == 0 ? this : member(field, value);
  }

  /** A message is there even when it is empty. */
  ProtoWriter message(int field, ProtoWriter value) {
    return member(field, value.toBytes());
  }

  private ProtoWriter member(int field, byte[] value) {
    varint((long) field << 3 | LENGTH_DELIMITED);
    varint(value.length);
    out.write(value, 0, value.length);
    return this;
  }

  /** Numbers of a repeated member, one behind the other. */
  ProtoWriter packed(int field, Iterable<Long> values) {
    ProtoWriter numbers = new ProtoWriter();
    values.forEach(numbers::varint);
    return bytes(field, numbers.toBytes());
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
