package io.jfs.vfs.virtual;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code .accesslog}: operations as they end, spec 1.2; and {@code .accesslog.json}, the same as
 * objects. Where a reader was too slow and missed some, {@code dropped (COUNT)} of the same grammar
 * stands in for them.
 */
final class AccessLogFile implements VirtualFile {
  static final Ino TEXT_INO = new Ino(Ino.FIRST_VIRTUAL);
  static final Ino JSON_INO = new Ino(Ino.FIRST_VIRTUAL + VirtualFiles.OWN_NUMBERS);
  private static final long WAIT_MILLIS = 1000;

  private final AccessLog log;
  private final String name;
  private final Ino ino;
  private final Place place;
  private final byte[] nothing;
  private final Function<EndedOperation, byte[]> form;

  private AccessLogFile(
      AccessLog log,
      String name,
      Ino ino,
      Place place,
      String nothing,
      Function<EndedOperation, byte[]> form) {
    this.log = log;
    this.name = name;
    this.ino = ino;
    this.place = place;
    this.nothing = nothing.getBytes(StandardCharsets.US_ASCII);
    this.form = form;
  }

  /** {@code .accesslog}; "#" says that nothing happens. */
  static AccessLogFile text(AccessLog log) {
    return new AccessLogFile(
        log, ".accesslog", TEXT_INO, Place.LISTED_IN_ROOT, "#\n", EndedOperation::text);
  }

  /** {@code .accesslog.json}; an empty line says that nothing happens. */
  static AccessLogFile json(AccessLog log, OperationJson json) {
    return new AccessLogFile(
        log, ".accesslog.json", JSON_INO, Place.UNLISTED_IN_ROOT, "\n", json::line);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Ino ino() {
    return ino;
  }

  @Override
  public int mode() {
    return 0400;
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public VirtualHandle open(Request request) {
    return new Handle();
  }

  /** A reader that gets lines cut where its reads end. */
  private final class Handle implements VirtualHandle {
    private final AccessLog.Reader lines = log.open();

    @GuardedBy("this")
    private byte[] rest = new byte[0];

    /** The offset does not matter: every line is read once. */
    @Override
    public byte[] read(Request request, long offset, int size) throws FsException {
      awaitLine(request);
      byte[] bytes = take(size);
      return bytes.length > 0 ? bytes : nothing;
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
        EndedOperation next = next();
        if (next == null) {
          break;
        }
        out.writeBytes(form.apply(next));
      }
      return cut(out.toByteArray(), size);
    }

    /** When the queue is empty: what came while it was full would stand here. */
    private @Nullable EndedOperation next() {
      EndedOperation next = lines.poll();
      if (next != null) {
        return next;
      }
      long missed = lines.takeDropped();
      return missed == 0 ? null : log.dropped(missed);
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
