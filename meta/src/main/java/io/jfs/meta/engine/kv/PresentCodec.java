package io.jfs.meta.engine.kv;

import io.jfs.meta.record.codec.Codec;

/** A field whose presence is all it says: one byte 1. */
final class PresentCodec implements Codec<Boolean> {
  static final PresentCodec INSTANCE = new PresentCodec();

  private PresentCodec() {}

  @Override
  public byte[] encode(Boolean value) {
    return new byte[] {1};
  }

  @Override
  public Boolean decode(byte[] stored, Object place) {
    return Boolean.TRUE;
  }
}
