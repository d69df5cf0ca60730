package io.jfs.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Measures a directory as programs see it: big files, small files, stat. Vfs-cli spec 3.8. */
public final class FileBench {
  private final Path folder;
  private final Plan plan;
  private final Load load;
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private final List<Measured> rows = new ArrayList<>();

  /**
   * What is measured.
   *
   * @param blockBytes of one read or write
   * @param bigBytes size of the big file of each thread, 0 for none
   * @param smallBytes size of a small file
   * @param smallFiles of each thread, 0 for none
   * @param threads at once
   */
  public record Plan(int blockBytes, long bigBytes, int smallBytes, int smallFiles, int threads) {}

  /** Frees the kernel's page cache as far as it can, so that reads reach the file system. */
  @FunctionalInterface
  public interface CacheDropper {
    /** Does it. */
    void drop();
  }

  /** Measures in a directory that is there and empty. */
  public FileBench(Path folder, Plan plan) {
    this.folder = folder;
    this.plan = plan;
    this.load = new Load(plan.threads(), System::nanoTime);
    byte[] content = new byte[Math.max(plan.blockBytes(), plan.smallBytes())];
    new Random(plan.blockBytes()).nextBytes(content);
    for (int i = 0; i < plan.threads(); i++) {
      buffers.add(ByteBuffer.allocateDirect(content.length).put(content).flip());
    }
  }

  /** Runs everything. The files stay; whoever made the directory removes it. */
  public List<Measured> run(CacheDropper caches) throws Exception {
    long small = (long) plan.smallFiles() * plan.threads();
    if (plan.bigBytes() > 0) {
      big(
          "Write big file",
          load.times(plan.threads(), (w, n) -> write("big." + n, w, plan.bigBytes())));
      caches.drop();
      big("Read big file", load.times(plan.threads(), (w, n) -> read("big." + n, w)));
    }
    if (small > 0) {
      small(
          "Write small file",
          load.times(small, (w, n) -> write("small." + n, w, plan.smallBytes())));
      caches.drop();
      small("Read small file", load.times(small, (w, n) -> read("small." + n, w)));
      caches.drop();
      small("Stat file", load.times(small, (w, n) -> Files.size(folder.resolve("small." + n)) * 0));
    }
    return rows;
  }

  private long write(String name, int worker, long lengthBytes) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long left = lengthBytes;
      while (left > 0) {
        ByteBuffer part = buffers.get(worker).duplicate();
        left -= file.write(part.limit((int) Math.min(left, plan.blockBytes())));
      }
    }
    return lengthBytes;
  }

  private long read(String name, int worker) throws IOException {
    long total = 0;
    try (FileChannel file = FileChannel.open(folder.resolve(name), StandardOpenOption.READ)) {
      int count = 0;
      while (count >= 0) {
        total += count;
        count = file.read(buffers.get(worker).duplicate().limit(plan.blockBytes()));
      }
    }
    return total;
  }

  private void big(String item, Load.Result result) {
    rows.add(
        new Measured(
            item,
            String.format(Locale.ROOT, "%.2f MiB/s", result.mibPerSecond()),
            String.format(Locale.ROOT, "%.2f s/file", result.averageNanos() / 1e9),
            result));
  }

  private void small(String item, Load.Result result) {
    rows.add(
        new Measured(
            item,
            String.format(Locale.ROOT, "%.1f files/s", result.perSecond()),
            String.format(Locale.ROOT, "%.2f ms/file", result.averageNanos() / 1e6),
            result));
  }
}
