package io.jfs.meta.engine.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes answers apart as they come in. The protocol is RESP2, as Redis documents it. */
final class RespReader {
  private static final int BUFFER_BYTES = 16 << 10;

  private final InputStream in;
  private final byte[] incoming = new byte[BUFFER_BYTES];
  private int next;
  private int end;

  RespReader(InputStream in) {
    this.in = in;
  }

  /** Whether something has come in that was not asked for yet. */
  boolean hasMore() {
    return next < end;
  }

  /**
   * Reads an answer: the elements of an array, or one element.
   *
   * @throws RedisCommandExecutionException the server refused; the connection is good
   * @throws IOException the connection is lost or speaks something else
   */
  List<Object> read() throws IOException {
    Object answer = element();
    if (answer instanceof Refusal refusal) {
      throw refusal.exception();
    }
    return answer instanceof Elements elements
        ? elements.list
        : Collections.<Object>singletonList(answer);
  }

  /** An error answer, which may also stand within an array. */
  private record Refusal(String text) {
    RedisCommandExecutionException exception() {
      return text.startsWith("NOSCRIPT")
          ? new RedisNoScriptException(text)
          : new RedisCommandExecutionException(text);
    }
  }

  /** Tells an array at the top from an element that is a list. */
  private record Elements(List<Object> list) {}

  private @Nullable Object element() throws IOException {
    byte type = readByte();
    return switch (type) {
      case '+' -> line();
      case '-' -> new Refusal(new String(line(), StandardCharsets.UTF_8));
      case ':' -> number();
      case '$' -> bytes(Math.toIntExact(number()));
      case '*' -> array(Math.toIntExact(number()));
      default -> throw new IOException("not an answer of Redis: it begins with byte " + type);
    };
  }

  private @Nullable Elements array(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      Object element = element();
      if (element instanceof Refusal refusal) {
        throw refusal.exception();
      }
      elements.add(element instanceof Elements nested ? nested.list : element);
    }
    return new Elements(elements);
  }

  private byte @Nullable [] bytes(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    int done = Math.min(length, end - next);
    System.arraycopy(incoming, next, bytes, 0, done);
    next += done;
    while (done < length) {
      int read = in.read(bytes, done, length - done);
      if (read < 0) {
        throw lost();
      }
      done += read;
    }
    lineBreak();
    return bytes;
  }

  private void lineBreak() throws IOException {
    if (readByte() != '\r' || readByte() != '\n') {
      throw new IOException("not an answer of Redis: a line does not end");
    }
  }

  private long number() throws IOException {
    byte digit = readByte();
    boolean negative = digit == '-';
    if (negative) {
      digit = readByte();
    }
    long number = 0;
    for (; digit != '\r'; digit = readByte()) {
      if (digit < '0' || digit > '9') {
        throw new IOException("not an answer of Redis: a number has byte " + digit);
      }
      number = number * 10 + (digit - '0');
    }
    if (readByte() != '\n') {
      throw new IOException("not an answer of Redis: a line does not end");
    }
    return negative ? -number : number;
  }

  private byte[] line() throws IOException {
    byte[] line = new byte[64];
    int length = 0;
    for (byte b = readByte(); b != '\r'; b = readByte()) {
      if (length == line.length) {
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = b;
    }
    if (readByte() != '\n') {
      throw new IOException("not an answer of Redis: a line does not end");
    }
    return Arrays.copyOf(line, length);
  }

  private byte readByte() throws IOException {
    if (next == end) {
      int read = in.read(incoming, 0, incoming.length);
      if (read < 0) {
        throw lost();
      }
      next = 0;
      end = read;
    }
    return incoming[next++];
  }

  private static EOFException lost() {
    return new EOFException("Redis closed the connection");
  }
}
