package io.jfs.meta.record.codec;

import io.jfs.meta.model.QuotaLimits;
import java.nio.ByteBuffer;

/** Limits of a quota, two big-endian numbers. Metadata spec 3.2 and 4.2. */
public final class QuotaLimitsCodec implements Codec<QuotaLimits> {
  /** The only instance. */
  public static final QuotaLimitsCodec INSTANCE = new QuotaLimitsCodec();

  /** Stored length. */
  public static final int BYTES = 16;

  private QuotaLimitsCodec() {}

  @Override
  public byte[] encode(QuotaLimits limits) {
    byte[] stored = new byte[BYTES];
    ByteBuffer.wrap(stored).putLong(limits.maxSpaceBytes()).putLong(limits.maxInodes());
    return stored;
  }

  @Override
  public QuotaLimits decode(byte[] stored, Object place) {
    ByteBuffer in = Shapes.exactly(BYTES, stored, place);
    return new QuotaLimits(in.getLong(), in.getLong());
  }
}
