package io.jfs.cli.control;

import io.jfs.cli.control.ControlChannel.ProgressListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the bytes of an answer apart, as far as they have come. */
final class AnswerParser {
  private static final byte PROGRESS = (byte) 0xFE;
  private static final int PROGRESS_BYTES = 17;
  private static final byte DATA = (byte) 0xFF;
  private static final int DATA_HEADER_BYTES = 5;

  private final ByteBuffer in;
  private final ProgressListener listener;

  AnswerParser(byte[] received, ProgressListener listener) {
    this.in = ByteBuffer.wrap(received);
    this.listener = listener;
  }

  /** The answer, or null if it is not complete; progress on the way is told. */
  @Nullable ControlAnswer parse() {
    while (in.remaining() >= PROGRESS_BYTES && in.get(in.position()) == PROGRESS) {
      in.get();
      listener.progress(in.getLong(), in.getLong());
    }
    if (!in.hasRemaining()) {
      return null;
    }
    byte kind = in.get(in.position());
    if (kind == DATA) {
      return data();
    }
    // Nothing but the last byte of an answer stands alone.
    return kind != PROGRESS && in.remaining() == 1 ? ControlAnswer.of(in.get()) : null;
  }

  private @Nullable ControlAnswer data() {
    if (in.remaining() < DATA_HEADER_BYTES) {
      return null;
    }
    int size = in.getInt(in.position() + 1);
    if (in.remaining() < DATA_HEADER_BYTES + size) {
      return null;
    }
    byte[] bytes = new byte[size];
    in.position(in.position() + DATA_HEADER_BYTES);
    in.get(bytes);
    return ControlAnswer.of(bytes);
  }

  /** The bytes that are not understood yet. */
  byte[] rest() {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return rest;
  }
}
