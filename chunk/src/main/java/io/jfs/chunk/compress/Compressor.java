package io.jfs.chunk.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Turns a plain block into its stored form and back (data format 2.1). Buffers are direct. Thread
 * safe.
 */
public interface Compressor {
  /** Name in the volume's setting. */
  String name();

  /** Largest stored length of {@code plainBytes} plain bytes. */
  int bound(int plainBytes);

  /**
   * Compresses {@code plain} (left as it was) into {@code stored}, whose position moves to the end.
   */
  void compress(ByteBuffer plain, ByteBuffer stored) throws IOException;

  /**
   * Fills {@code plain} from {@code stored}.
   *
   * @throws IOException if the result does not fill {@code plain} exactly
   */
  void decompress(ByteBuffer stored, ByteBuffer plain) throws IOException;

  /** Whether stored bytes are the plain bytes, so that a part can be read alone. */
  default boolean isIdentity() {
    return false;
  }

  /**
   * The compressor of a volume's setting {@code Compression}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static Compressor of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "", "none" -> NoCompressor.INSTANCE;
      case "lz4" -> Lz4Compressor.INSTANCE;
      case "zstd" -> ZstdCompressor.INSTANCE;
      default -> throw new IllegalArgumentException("unknown compression: " + name);
    };
  }
}
