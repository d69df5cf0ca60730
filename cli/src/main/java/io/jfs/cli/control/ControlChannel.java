package io.jfs.cli.control;

import io.jfs.cli.command.CommandException;
import io.jfs.cli.progress.Counter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * An open {@code .control} of a mount, ours or the reference's: takes one request after the other.
 * Closing it stops what it asked for. Confined to one thread.
 */
public final class ControlChannel implements AutoCloseable {
  private static final long CONTROL_INODE = 0x7FFFFFFF00000002L;
  private static final String[] NAMES = {".jfs.control", ".control"};
  private static final long FIRST_PAUSE_MILLIS = 1;
  private static final long LAST_PAUSE_MILLIS = 300;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);

  private ControlChannel(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes two counts whose meaning depends on the request. */
  @FunctionalInterface
  public interface ProgressListener {
    /** Nobody. */
    ProgressListener NONE = (first, second) -> {};

    /** That far it has come. */
    void progress(long first, long second);

    /** Shows both counts. */
    static ProgressListener of(Counter first, Counter second) {
      return (firstCount, secondCount) -> {
        first.set(firstCount);
        second.set(secondCount);
      };
    }
  }

  /**
   * Opens the channel of the mount that a directory is in.
   *
   * @throws CommandException if it is in none, or the mount does not answer
   */
  public static ControlChannel open(Path directory) throws CommandException {
    for (String name : NAMES) {
      Path control = directory.resolve(name);
      try {
        Object inode = Files.getAttribute(control, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        if (inode.equals(CONTROL_INODE)) {
          return new ControlChannel(
              FileChannel.open(control, StandardOpenOption.READ, StandardOpenOption.WRITE));
        }
      } catch (IOException e) {
        if (Files.exists(control, LinkOption.NOFOLLOW_LINKS)) {
          throw new CommandException("cannot open \"" + control + "\": " + e.getMessage(), e);
        }
      }
    }
    throw new CommandException("\"" + directory + "\" is not inside a mount of jfs or JuiceFS");
  }

  /**
   * Sends a request and waits for the end of its answer.
   *
   * @throws CommandException if the mount went away
   */
  public ControlAnswer ask(int opcode, byte[] payload, ProgressListener listener)
      throws CommandException {
    try {
      ByteBuffer request = ByteBuffer.allocate(8 + payload.length);
      request.putInt(opcode).putInt(payload.length).put(payload).flip();
      while (request.hasRemaining()) {
        int unused = channel.write(request);
      }
      return readAnswer(listener);
    } catch (IOException e) {
      throw new CommandException("the mount did not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  private ControlAnswer readAnswer(ProgressListener listener)
      throws IOException, InterruptedException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      boolean more = readInto(received);
      AnswerParser parser = new AnswerParser(received.toByteArray(), listener);
      ControlAnswer answer = parser.parse();
      if (answer != null) {
        return answer;
      }
      received.reset();
      received.writeBytes(parser.rest());
      if (more) {
        pauseMillis = FIRST_PAUSE_MILLIS;
      } else {
        Thread.sleep(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, LAST_PAUSE_MILLIS);
      }
    }
  }

  /** A read without a byte is no end: the answer is not there yet. */
  private boolean readInto(ByteArrayOutputStream received) throws IOException {
    int count = channel.read(buffer.clear());
    if (count > 0) {
      received.writeBytes(Arrays.copyOf(buffer.array(), count));
    }
    return count > 0;
  }

  @Override
  public void close() throws CommandException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new CommandException("closing .control failed: " + e.getMessage(), e);
    }
  }
}
