package io.jfs.vfs.virtual;

import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import io.jfs.vfs.stats.Waits;
import java.io.ByteArrayOutputStream;
import java.time.LocalDateTime;
import java.util.function.Supplier;

/**
 * {@code .slow}: the slowest operations of the last five minutes, the slowest first; {@code
 * .running}: what is under way. Both as {@link OperationJson}, taken when they are opened.
 */
final class OperationsFile implements VirtualFile {
  private final String name;
  private final Ino ino;
  private final Supplier<byte[]> content;

  private OperationsFile(String name, int number, Supplier<byte[]> content) {
    this.name = name;
    this.ino = new Ino(Ino.FIRST_VIRTUAL + VirtualFiles.OWN_NUMBERS + number);
    this.content = content;
  }

  static OperationsFile slow(AccessLog log, OperationJson json) {
    return new OperationsFile(
        ".slow",
        1,
        () -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          log.slowest().forEach(operation -> out.writeBytes(json.line(operation)));
          return out.toByteArray();
        });
  }

  static OperationsFile running(AccessLog log, OperationJson json) {
    return new OperationsFile(
        ".running",
        2,
        () -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          LocalDateTime now = log.now();
          for (RunningOperation thread : log.running()) {
            RunningOperation.Task task = thread.task();
            Waits.Kind waitsFor = thread.waits().now();
            if (task != null) {
              out.writeBytes(json.line(now, task, waitsFor));
            }
          }
          return out.toByteArray();
        });
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
    return Place.UNLISTED_IN_ROOT;
  }

  @Override
  public VirtualHandle open(Request request) {
    return new Snapshot(content.get());
  }
}
