package io.jfs.cli.mount;

import io.jfs.cli.control.Fields;
import io.jfs.cli.progress.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Blocks of a mount with {@code --writeback} that wait on its cache disks for their upload. */
public final class StagedBlocks {
  private static final String FOLDER = "rawstaging";
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final List<Path> folders = new ArrayList<>();

  private StagedBlocks() {}

  /** Those of the mount that a {@code .config} describes; none if it stages nothing. */
  public static StagedBlocks of(Fields config) {
    StagedBlocks staged = new StagedBlocks();
    Fields chunk = config.object("Chunk");
    if (chunk.flag("Writeback")) {
      for (String folder : chunk.text("CacheDir").split(":")) {
        if (folder.startsWith("/")) {
          staged.folders.add(Path.of(folder, FOLDER));
        }
      }
    }
    return staged;
  }

  /** How many bytes wait. */
  public long bytes() throws IOException {
    long bytes = 0;
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        bytes += files.mapToLong(StagedBlocks::lengthOf).sum();
      } catch (NoSuchFileException e) {
        bytes += 0; // Nothing was staged there yet.
      } catch (UncheckedIOException e) {
        bytes += 1; // A file went away while we looked: look again.
      }
    }
    return bytes;
  }

  private static long lengthOf(Path path) {
    try {
      return Files.isRegularFile(path) ? Files.size(path) : 0;
    } catch (IOException e) {
      return 0; // Uploaded meanwhile.
    }
  }

  /** Waits until none waits. {@code left} is told how many bytes are left. */
  public void awaitNone(Counter left) throws IOException, InterruptedException {
    for (long bytes = bytes(); bytes > 0; bytes = bytes()) {
      left.set(bytes);
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    left.set(0);
  }
}
