package io.jfs.chunk.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocket;

/** TLS, through the JDK's socket, which wants arrays. */
final class TlsTransport implements Transport {
  private static final int PIECE_BYTES = 16 << 10; // a TLS record

  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] readPiece = new byte[PIECE_BYTES];
  private final byte[] writePiece = new byte[PIECE_BYTES];

  TlsTransport(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = in.read(readPiece, 0, Math.min(PIECE_BYTES, into.remaining()));
    if (count > 0) {
      into.put(readPiece, 0, count);
    }
    return count;
  }

  @Override
  public void write(ByteBuffer data) throws IOException {
    int length = Math.min(PIECE_BYTES, data.remaining());
    data.get(writePiece, 0, length);
    out.write(writePiece, 0, length);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      return; // it is of no use any more either way
    }
  }
}
