package io.jfs.meta.engine.redis;

import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/** Commands, one behind the other, as Redis takes them: arrays of bulk strings in RESP2. */
final class RespBuffer {
  private static final int INITIAL_BYTES = 4 << 10;
  private static final int LARGEST_KEPT_BYTES = 64 << 10;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  boolean isEmpty() {
    return length == 0;
  }

  /** Adds a command. */
  void add(CommandType command, List<byte[]> words) {
    head('*', words.size() + 1);
    word(command.getBytes());
    words.forEach(this::word);
  }

  /** Writes it all out and is empty then. */
  void drainTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
    length = 0;
    if (bytes.length > LARGEST_KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  private void word(byte[] word) {
    head('$', word.length);
    room(word.length + 2);
    System.arraycopy(word, 0, bytes, length, word.length);
    length += word.length;
    lineEnd();
  }

  private void head(char type, int number) {
    room(14);
    bytes[length++] = (byte) type;
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (int i = digits - 1; i >= 0; i--) {
      bytes[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    lineEnd();
  }

  private void lineEnd() {
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
