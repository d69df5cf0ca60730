package io.jfs.meta.record.codec;

/** Bytes that are stored as they are; copied, so that nobody shares an array with a store. */
public final class BytesCodec implements Codec<byte[]> {
  /** The only instance. */
  public static final BytesCodec INSTANCE = new BytesCodec();

  private BytesCodec() {}

  @Override
  public byte[] encode(byte[] value) {
    return value.clone();
  }

  @Override
  public byte[] decode(byte[] stored, Object place) {
    return stored.clone();
  }
}
