package io.jfs.cli.control;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.JsonReader;

/** What a request came to. */
public final class ControlAnswer {
  private final int errno;
  private final byte[] data;

  private ControlAnswer(int errno, byte[] data) {
    this.errno = errno;
    this.data = data;
  }

  static ControlAnswer of(byte errno) {
    return new ControlAnswer(errno & 0xff, new byte[0]);
  }

  static ControlAnswer of(byte[] data) {
    return new ControlAnswer(0, data);
  }

  /** Whether it was done. */
  public boolean isDone() {
    return errno == 0;
  }

  /** Why it was not done, in words. */
  public String reason() {
    return text(errno);
  }

  /** An error number in words. */
  public static String text(int number) {
    for (Errno errno : Errno.values()) {
      if (errno.number() == number) {
        return errno.text();
      }
    }
    return "error " + number;
  }

  /** What it found. */
  public Fields fields() {
    return Fields.of(JsonReader.object(data, "the answer of the mount"));
  }
}
