package io.jfs.meta.dump;

import io.jfs.meta.model.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads protobuf from a stream, member by member. */
final class ProtoReader {
  private static final int MOST_BYTES = 64 << 20;

  private final InputStream in;
  private long left;
  private int field;

  /** The next {@code length} bytes of {@code in} as one message. */
  ProtoReader(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  /** Goes on to the next member; whether there is one. */
  boolean next() throws FormatException, IOException {
    if (left <= 0) {
      return false;
    }
    field = (int) varint();
    return true;
  }

  /** Number of the member that {@link #next} has found. */
  int field() {
    return field >>> 3;
  }

  /** Its value, for a member of variable length. */
  byte[] bytes() throws FormatException, IOException {
    requireKind(2);
    long length = varint();
    if (length < 0 || length > Math.min(left, MOST_BYTES)) {
      throw new FormatException("not a binary dump: a value of " + length + " bytes");
    }
    byte[] value = in.readNBytes((int) length);
    if (value.length < length) {
      throw new EOFException("the dump ends early");
    }
    left -= length;
    return value;
  }

  /** Its value, for a number. */
  long number() throws FormatException, IOException {
    requireKind(0);
    return varint();
  }

  /** A message of numbers and byte strings, each at most once. */
  Message message() throws FormatException, IOException {
    return Message.of(bytes());
  }

  private void requireKind(int kind) throws FormatException {
    if ((field & 7) != kind) {
      throw new FormatException("not a binary dump: member " + field() + " of an unknown kind");
    }
  }

  private long varint() throws FormatException, IOException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the dump ends early");
      }
      left--;
      value |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new FormatException("not a binary dump: a number without an end");
  }

  /** A small message; members that are not there are 0 or empty. */
  static final class Message {
    private final Map<Integer, Long> numbers = new HashMap<>();
    private final Map<Integer, byte[]> values = new HashMap<>();

    static Message of(byte[] bytes) throws FormatException, IOException {
      Message message = new Message();
      ProtoReader reader = new ProtoReader(new java.io.ByteArrayInputStream(bytes), bytes.length);
      while (reader.next()) {
        if ((reader.field & 7) == 2) {
          message.values.put(reader.field(), reader.bytes());
        } else {
          message.numbers.put(reader.field(), reader.number());
        }
      }
      return message;
    }

    long number(int member) {
      return numbers.getOrDefault(member, 0L);
    }

    byte[] bytes(int member) {
      byte @Nullable [] value = values.get(member);
      return value == null ? new byte[0] : value;
    }

    List<Long> packed(int member) throws FormatException, IOException {
      byte[] bytes = bytes(member);
      ProtoReader reader = new ProtoReader(new java.io.ByteArrayInputStream(bytes), bytes.length);
      List<Long> unpacked = new ArrayList<>();
      while (reader.left > 0) {
        unpacked.add(reader.varint());
      }
      return unpacked;
    }
  }
}
