package io.jfs.chunk.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One Zstandard frame, level 1. */
final class ZstdCompressor implements Compressor {
  static final ZstdCompressor INSTANCE = new ZstdCompressor();
  private static final int LEVEL = 1;
  private static final int SMALL = 128 << 10;

  private ZstdCompressor() {}

  @Override
  public String name() {
    return "zstd";
  }

  @Override
  public int bound(int plainBytes) {
    int margin = plainBytes < SMALL ? (SMALL - plainBytes) >> 11 : 0;
    return plainBytes + (plainBytes >> 8) + margin;
  }

  @Override
  public void compress(ByteBuffer plain, ByteBuffer stored) throws IOException {
    int start = stored.position();
    int room = stored.remaining();
    try {
      long length =
          Zstd.compressDirectByteBuffer(
              stored, start, room, plain, plain.position(), plain.remaining(), LEVEL);
      stored.position(start + checked(length));
    } catch (ZstdException e) {
      throw new IOException("cannot compress block", e);
    }
  }

  @Override
  public void decompress(ByteBuffer stored, ByteBuffer plain) throws IOException {
    int expected = plain.remaining();
    try {
      long length =
          Zstd.decompressDirectByteBuffer(
              plain, plain.position(), expected, stored, stored.position(), stored.remaining());
      int got = checked(length);
      if (got != expected) {
        throw new IOException("short zstd block: " + got + " of " + expected + " bytes");
      }
      plain.position(plain.limit());
    } catch (ZstdException e) {
      throw new IOException("damaged zstd block", e);
    }
  }

  private static int checked(long length) {
    if (Zstd.isError(length)) {
      throw new ZstdException(length);
    }
    return (int) length;
  }
}
