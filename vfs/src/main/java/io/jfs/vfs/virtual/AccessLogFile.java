package io.jfs.vfs.virtual;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code .accesslog}: operations as they end. Spec 1.2. Where a reader was too slow and missed
 * lines, a line {@code dropped (COUNT)} of the same grammar stands in for them.
 */
final class AccessLogFile implements VirtualFile {
  static final Ino INO = new Ino(Ino.FIRST_VIRTUAL);
  private static final byte[] NOTHING = "#\n".getBytes(StandardCharsets.US_ASCII);
  private static final long WAIT_MILLIS = 1000;

  private final AccessLog log;

  AccessLogFile(AccessLog log) {
    this.log = log;
  }

  @Override
  public String name() {
    return ".accesslog";
  }

  @Override
  public Ino ino() {
    return INO;
  }

  @Override
  public int mode() {
    return 0400;
  }

  @Override
  public Place place() {
    return Place.LISTED_IN_ROOT;
  }

  @Override
  public VirtualHandle open(Request request) {
    return new Handle(log);
  }

  /** A reader that gets lines cut where its reads end. */
  private static final class Handle implements VirtualHandle {
    private final AccessLog log;
    private final AccessLog.Reader lines;

    @GuardedBy("this")
    private byte[] rest = new byte[0];

    Handle(AccessLog log) {
      this.log = log;
      this.lines = log.open();
    }

    /** The offset does not matter: every line is read once. */
    @Override
    public byte[] read(Request request, long offset, int size) throws FsException {
      awaitLine(request);
      byte[] bytes = take(size);
      return bytes.length > 0 ? bytes : NOTHING;
    }

    private void awaitLine(Request request) throws FsException {
      synchronized (this) {
        if (rest.length > 0) {
          return;
        }
      }
      lines.wakes(request.cancellation());
      try {
        if (lines.isEmpty()) {
          request.cancellation().pause(WAIT_MILLIS);
        }
      } finally {
        lines.wakes(null);
      }
    }

    private synchronized byte[] take(int size) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(size, 1 << 13));
      out.writeBytes(rest);
      rest = new byte[0];
      while (out.size() < size) {
        byte[] line = lines.poll();
        if (line == null) {
          line = dropped();
        }
        if (line == null) {
          break;
        }
        out.writeBytes(line);
      }
      return cut(out.toByteArray(), size);
    }

    /** The queue is empty: what came while it was full would stand here. */
    private byte @Nullable [] dropped() {
      long count = lines.takeDropped();
      return count == 0 ? null : log.droppedLine(count);
    }

    @GuardedBy("this")
    private byte[] cut(byte[] bytes, int size) {
      if (bytes.length <= size) {
        return bytes;
      }
      rest = Arrays.copyOfRange(bytes, size, bytes.length);
      return Arrays.copyOf(bytes, size);
    }

    @Override
    public void close() {
      log.close(lines);
    }
  }
}
