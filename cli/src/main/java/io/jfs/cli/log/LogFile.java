package io.jfs.cli.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A log file that is found by its name: when it was moved away or removed, a new one is begun
 * within a second of the next line, as {@code logrotate} expects without being told whom to signal.
 * Lines are appended, so {@code copytruncate} works, too. Thread safe.
 */
final class LogFile extends OutputStream {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path path;
  private final LongSupplier nanoTime;

  @GuardedBy("this")
  private OutputStream out;

  @GuardedBy("this")
  private @Nullable Object identity;

  @GuardedBy("this")
  private long lookedNanos;

  /** Appends to {@code path}, which is made if it is not there. */
  LogFile(Path path, LongSupplier nanoTime) throws IOException {
    this.path = path.toAbsolutePath();
    this.nanoTime = nanoTime;
    this.out = new FileOutputStream(this.path.toFile(), true);
    this.identity = identityOf(this.path);
    this.lookedNanos = nanoTime.getAsLong();
  }

  /** Which file has this name now; null if none. */
  private static @Nullable Object identityOf(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    follow();
    out.write(bytes, offset, length);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @GuardedBy("this")
  private void follow() {
    long now = nanoTime.getAsLong();
    if (now - lookedNanos < LOOK_NANOS) {
      return;
    }
    lookedNanos = now;
    Object present = identityOf(path);
    if (present == null || !present.equals(identity)) {
      beginAnew();
    }
  }

  @GuardedBy("this")
  private void beginAnew() {
    try {
      OutputStream fresh = new FileOutputStream(path.toFile(), true);
      OutputStream former = out;
      out = fresh;
      identity = identityOf(path);
      former.close();
    } catch (IOException e) {
      identity = identityOf(path); // The former goes on; tried again when the name changes.
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
