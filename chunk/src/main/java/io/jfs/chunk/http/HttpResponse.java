package io.jfs.chunk.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Head of an answer and the way to its body. Closed by {@link HttpClient.Exchange}. */
public final class HttpResponse {
  private static final int DRAIN_BYTES = 64 << 10;

  /** How the body ends. */
  record Body(long length, boolean chunked) {
    static final Body CHUNKED = new Body(-1, true);
    static final Body UNTIL_CLOSE = new Body(-1, false);

    static Body ofLength(long length) {
      return new Body(length, false);
    }
  }

  private final HttpConnection connection;
  private final int status;
  private final Map<String, String> headers;
  private final boolean persistent;
  private final Body body;
  private long left; // of the body, or of its current chunk
  private boolean ended;

  HttpResponse(
      HttpConnection connection,
      int status,
      Map<String, String> headers,
      boolean persistent,
      Body body) {
    this.connection = connection;
    this.status = status;
    this.headers = headers;
    this.persistent = persistent;
    this.body = body;
    this.left = Math.max(body.length, 0);
    this.ended = body.length == 0;
  }

  /** Status code. */
  public int status() {
    return status;
  }

  /** A header, whatever the case of its name; null if it is not there. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Length of the body as the head tells it; -1 if it does not. */
  public long contentLength() {
    return body.length;
  }

  /**
   * Reads the body into {@code into} until that is full or the body ends.
   *
   * @return number of bytes
   */
  public int read(ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.hasRemaining() && !ended) {
      if (left == 0 && body.chunked) {
        nextChunk();
      } else {
        readSome(into);
      }
    }
    if (body.chunked && left == 0 && !ended && !into.hasRemaining()) {
      nextChunk(); // most likely the last, empty one
    }
    return into.position() - start;
  }

  /** The body, or its first {@code maxBytes}. */
  public byte[] readAll(int maxBytes) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer piece = ByteBuffer.allocate(8 << 10);
    while (!ended && all.size() < maxBytes) {
      piece.clear().limit(Math.min(piece.capacity(), maxBytes - all.size()));
      int count = read(piece);
      all.write(piece.array(), 0, count);
    }
    return all.toByteArray();
  }

  /** Reads what little is left of the body; whether the connection can serve again. */
  boolean drain() throws IOException {
    if (!persistent || (body.length < 0 && !body.chunked)) {
      return false;
    }
    if (!ended && left <= DRAIN_BYTES) {
      int ignored = read(ByteBuffer.allocate(DRAIN_BYTES));
    }
    return ended;
  }

  private void readSome(ByteBuffer into) throws IOException {
    boolean untilClose = body.length < 0 && !body.chunked;
    int limit = into.limit();
    if (!untilClose && into.remaining() > left) {
      into.limit(into.position() + (int) left);
    }
    int count = connection.read(into);
    into.limit(limit);
    if (count < 0) {
      ended = true;
      if (!untilClose) {
        throw new EOFException("connection closed in the middle of the answer");
      }
    } else if (!untilClose) {
      left -= count;
      ended = left == 0 && !body.chunked;
      if (left == 0 && body.chunked) {
        requireEmptyLine();
      }
    }
  }

  private void requireEmptyLine() throws IOException {
    if (!connection.readLine().isEmpty()) {
      throw new IOException("malformed chunk in the answer");
    }
  }

  private void nextChunk() throws IOException {
    String size = connection.readLine().split(";", 2)[0].strip();
    try {
      left = Long.parseLong(size, 16);
    } catch (NumberFormatException e) {
      throw new IOException("malformed chunk size: " + size, e);
    }
    if (left == 0) {
      String trailer = connection.readLine();
      while (!trailer.isEmpty()) {
        trailer = connection.readLine();
      }
      ended = true;
    }
  }
}
