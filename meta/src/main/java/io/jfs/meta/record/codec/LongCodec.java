package io.jfs.meta.record.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One number of 8 bytes. */
public final class LongCodec implements Codec<Long> {
  /** Most significant byte first. */
  public static final LongCodec BIG_ENDIAN = new LongCodec(ByteOrder.BIG_ENDIAN);

  /** Least significant byte first. */
  public static final LongCodec LITTLE_ENDIAN = new LongCodec(ByteOrder.LITTLE_ENDIAN);

  private final ByteOrder order;

  private LongCodec(ByteOrder order) {
    this.order = order;
  }

  @Override
  public byte[] encode(Long value) {
    byte[] stored = new byte[Long.BYTES];
    ByteBuffer.wrap(stored).order(order).putLong(value);
    return stored;
  }

  @Override
  public Long decode(byte[] stored, Object place) {
    return Shapes.exactly(Long.BYTES, stored, place).order(order).getLong();
  }
}
