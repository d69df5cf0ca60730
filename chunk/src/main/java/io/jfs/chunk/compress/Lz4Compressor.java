package io.jfs.chunk.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/** One bare LZ4 block: no frame, no length. */
final class Lz4Compressor implements Compressor {
  static final Lz4Compressor INSTANCE = new Lz4Compressor();

  private final LZ4Factory factory = LZ4Factory.fastestInstance();

  private Lz4Compressor() {}

  @Override
  public String name() {
    return "lz4";
  }

  @Override
  public int bound(int plainBytes) {
    return plainBytes + plainBytes / 255 + 16;
  }

  @Override
  public void compress(ByteBuffer plain, ByteBuffer stored) throws IOException {
    try {
      factory.fastCompressor().compress(plain.duplicate(), stored);
    } catch (LZ4Exception e) {
      throw new IOException("cannot compress block", e);
    }
  }

  @Override
  public void decompress(ByteBuffer stored, ByteBuffer plain) throws IOException {
    int expected = plain.remaining();
    try {
      factory.safeDecompressor().decompress(stored.duplicate(), plain);
    } catch (LZ4Exception e) {
      throw new IOException("damaged lz4 block", e);
    }
    if (plain.hasRemaining()) {
      int got = expected - plain.remaining();
      throw new IOException("short lz4 block: " + got + " of " + expected + " bytes");
    }
  }
}
