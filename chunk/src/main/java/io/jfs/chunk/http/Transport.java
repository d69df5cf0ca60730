package io.jfs.chunk.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A connected byte stream. One thread uses it; another may close it to end what hangs. */
interface Transport extends AutoCloseable {
  /** Reads at least one byte into {@code into}, or -1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /** Writes some of {@code data}, all of it if possible at once; at least one byte. */
  void write(ByteBuffer data) throws IOException;

  /** Ends the stream; never fails. */
  @Override
  void close();
}
