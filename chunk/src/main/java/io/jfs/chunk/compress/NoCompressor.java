package io.jfs.chunk.compress;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Stores plain bytes. */
final class NoCompressor implements Compressor {
  static final NoCompressor INSTANCE = new NoCompressor();

  private NoCompressor() {}

  @Override
  public String name() {
    return "none";
  }

  @Override
  public int bound(int plainBytes) {
    return plainBytes;
  }

  @Override
  public boolean isIdentity() {
    return true;
  }

  @Override
  public void compress(ByteBuffer plain, ByteBuffer stored) {
    stored.put(plain.duplicate());
  }

  @Override
  public void decompress(ByteBuffer stored, ByteBuffer plain) throws IOException {
    if (stored.remaining() < plain.remaining()) {
      throw new IOException(
          "short block: " + stored.remaining() + " of " + plain.remaining() + " bytes");
    }
    plain.put(stored.slice(stored.position(), plain.remaining()));
  }
}
