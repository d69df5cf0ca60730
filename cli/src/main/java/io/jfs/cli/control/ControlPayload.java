package io.jfs.cli.control;

import io.jfs.cli.command.CommandException;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The content of a request: big-endian numbers and names. */
public final class ControlPayload {
  private static final int MAX_NAME_BYTES = 255;
  private static final int MAX_THREADS = 255;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An inode number. */
  public ControlPayload inode(long inode) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(inode).array());
    return this;
  }

  /** A byte. */
  public ControlPayload u8(int value) {
    out.write(value);
    return this;
  }

  /** Two bytes. */
  public ControlPayload u16(int value) {
    out.write(value >> 8);
    out.write(value);
    return this;
  }

  /** A long text after its length. */
  public ControlPayload text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
    return this;
  }

  /**
   * The last name of a path after its length.
   *
   * @throws CommandException if it is too long
   */
  public ControlPayload name(Path path) throws CommandException {
    byte[] bytes = String.valueOf(path.getFileName()).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_NAME_BYTES) {
      throw new CommandException("\"" + path + "\": file name too long");
    }
    out.write(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /** All of it. */
  public byte[] bytes() {
    return out.toByteArray();
  }

  /**
   * A number of threads that fits into a byte.
   *
   * @throws UsageException if it is less than 1
   */
  public static int threads(Options options, Option<Long> option) throws UsageException {
    long threads = options.get(option);
    if (threads < 1) {
      throw new UsageException(
          "invalid value for --" + option.name() + ": " + threads + " is less than 1");
    }
    return (int) Math.min(threads, MAX_THREADS);
  }
}
