package io.jfs.vfs;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes that a read answers: direct buffers in file order, positioned at their first byte, to be
 * gathered into one reply. They are BORROWED until {@link #close()}, which the front end calls once
 * after the reply is out.
 */
public interface ReadData extends AutoCloseable {
  /** The pieces in order; empty at end of file. */
  List<ByteBuffer> buffers();

  /** Their total length in bytes. */
  int lengthBytes();

  /** Gives the buffers back. */
  @Override
  void close();
}
