package io.jfs.chunk.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One connection: sends a request, reads the head of the answer, then its body. */
final class HttpConnection implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int WRITE_STEP_BYTES = 256 << 10; // so that progress can be seen

  private final Transport transport;
  private final HttpEndpoint endpoint;
  private final LongSupplier nanoTime;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();

  private volatile long lastProgressNanos;
  private volatile long deadlineNanos;
  private volatile boolean awaitsHead;
  private volatile @Nullable String brokenOff;
  private boolean answered;
  private int exchanges;

  HttpConnection(Transport transport, HttpEndpoint endpoint, LongSupplier nanoTime) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
    this.lastProgressNanos = nanoTime.getAsLong();
  }

  /** Starts an exchange that must end before {@code deadline}. */
  void begin(long deadline) {
    deadlineNanos = deadline;
    answered = false;
    exchanges++;
    progress();
  }

  HttpResponse exchange(HttpRequest request) throws IOException {
    try {
      write(head(request));
      if (request.body() != null) {
        write(request.body().duplicate());
      }
      awaitsHead = true;
      HttpResponse response = readHead(request.method());
      awaitsHead = false;
      return response;
    } catch (IOException e) {
      throw explain(e);
    }
  }

  /** Whether the server may have dropped this connection before it saw the request. */
  boolean isStale() {
    return exchanges > 1 && !answered && brokenOff == null;
  }

  long lastProgressNanos() {
    return lastProgressNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean awaitsHead() {
    return awaitsHead;
  }

  /** Ends what hangs, from another thread; the exchange fails with that reason. */
  void breakOff(String reason) {
    brokenOff = reason;
    transport.close();
  }

  @Override
  public void close() {
    transport.close();
  }

  private void progress() {
    lastProgressNanos = nanoTime.getAsLong();
  }

  private IOException explain(IOException e) {
    String reason = brokenOff;
    return reason == null ? e : new IOException(reason, e);
  }

  private ByteBuffer head(HttpRequest request) {
    StringBuilder text = new StringBuilder(512);
    text.append(request.method()).append(' ');
    if (endpoint.isAbsoluteForm()) {
      text.append("http://").append(endpoint.host()).append(':').append(endpoint.port());
    }
    text.append(request.target()).append(" HTTP/1.1\r\n");
    request.headers().forEach((k, v) -> text.append(k).append(": ").append(v).append("\r\n"));
    if (request.body() != null) {
      text.append("content-length: ").append(request.body().remaining()).append("\r\n");
    }
    text.append("\r\n");
    return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void write(ByteBuffer data) throws IOException {
    int end = data.limit();
    while (data.position() < end) {
      data.limit(Math.min(end, data.position() + WRITE_STEP_BYTES));
      transport.write(data);
      progress();
    }
  }

  private HttpResponse readHead(String method) throws IOException {
    String statusLine = readLine();
    answered = true;
    while (statusLine.startsWith("HTTP/1.1 1")) { // interim answers
      while (!readLine().isEmpty()) {
        progress();
      }
      statusLine = readLine();
    }
    String[] parts = statusLine.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !isStatus(parts[1])) {
      throw new IOException("not an HTTP answer: " + statusLine);
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    boolean persistent =
        parts[0].equals("HTTP/1.1")
            && !headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
    return new HttpResponse(
        this, Integer.parseInt(parts[1]), headers, persistent, bodyKind(method, parts[1], headers));
  }

  private static boolean isStatus(String word) {
    return word.length() == 3 && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static HttpResponse.Body bodyKind(
      String method, String status, Map<String, String> headers) throws IOException {
    if (method.equals("HEAD") || status.equals("204") || status.equals("304")) {
      return HttpResponse.Body.ofLength(0);
    }
    if (headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .contains("chunked")) {
      return HttpResponse.Body.CHUNKED;
    }
    String length = headers.get("content-length");
    if (length == null) {
      return HttpResponse.Body.UNTIL_CLOSE;
    }
    try {
      return HttpResponse.Body.ofLength(Long.parseUnsignedLong(length));
    } catch (NumberFormatException e) {
      throw new IOException("bad content-length: " + length, e);
    }
  }

  /** A line without its end. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (; ; ) {
      while (in.hasRemaining()) {
        char c = (char) (in.get() & 0xFF);
        if (c == '\n') {
          int end = line.length();
          return end > 0 && line.charAt(end - 1) == '\r'
              ? line.substring(0, end - 1)
              : line.toString();
        }
        if (line.length() > BUFFER_BYTES) {
          throw new IOException("header line of the answer is too long");
        }
        line.append(c);
      }
      fill();
    }
  }

  private void fill() throws IOException {
    in.clear();
    int count = transport.read(in);
    in.flip();
    if (count < 0) {
      in.position(in.limit());
      throw new EOFException("connection closed by the server");
    }
    progress();
  }

  /** Reads some body bytes: at least one, or -1 at the end of the connection. */
  int read(ByteBuffer into) throws IOException {
    if (in.hasRemaining()) {
      int length = Math.min(in.remaining(), into.remaining());
      into.put(in.slice(in.position(), length));
      in.position(in.position() + length);
      return length;
    }
    try {
      int count = transport.read(into);
      progress();
      return count;
    } catch (IOException e) {
      throw explain(e);
    }
  }
}
