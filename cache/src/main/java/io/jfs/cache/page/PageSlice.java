package io.jfs.cache.page;

import java.nio.ByteBuffer;

/**
 * A readable window of off-heap memory that stays valid until it is closed. Whoever receives one
 * owns it and closes it exactly once.
 */
public interface PageSlice extends AutoCloseable {
  /**
   * The bytes, from position to limit; read only in spirit: nobody may write into them. A new
   * buffer object per call.
   */
  ByteBuffer buffer();

  /** Number of bytes. */
  int lengthBytes();

  /** Gives the memory back. */
  @Override
  void close();
}
