package io.jfs.cli.debug;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A report in the making: named texts that are collected at the same time, each for itself. What
 * cannot be had, or not in time, is told in its place; secrets are taken out of all.
 */
public final class Report {
  private final Redaction redaction;
  private final Map<String, Callable<String>> parts = new LinkedHashMap<>();

  /** Empty. */
  public Report(Redaction redaction) {
    this.redaction = redaction;
  }

  /** Adds a file and how to get its content. */
  public void add(String name, Callable<String> content) {
    parts.put(name, content);
  }

  /**
   * Collects all into a new directory, readable for its owner only, and packs that.
   *
   * @param most seconds until what has not come is given up
   * @return the archive, beside the directory
   */
  public Path write(Path directory, long most) throws IOException, InterruptedException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Map<String, String> contents = collect(most);
    for (Map.Entry<String, String> part : contents.entrySet()) {
      Path file = directory.resolve(part.getKey());
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, part.getValue(), StandardCharsets.UTF_8);
    }
    return pack(directory, contents);
  }

  private Map<String, String> collect(long mostSeconds) throws InterruptedException {
    ExecutorService collectors = Executors.newCachedThreadPool(Report::daemon);
    try {
      Map<String, Future<String>> asked = new LinkedHashMap<>();
      parts.forEach((name, content) -> asked.put(name, collectors.submit(content)));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(mostSeconds);
      Map<String, String> contents = new LinkedHashMap<>();
      for (Map.Entry<String, Future<String>> part : asked.entrySet()) {
        contents.put(part.getKey(), redaction.clean(await(part.getValue(), deadline)));
      }
      return contents;
    } finally {
      collectors.shutdownNow();
    }
  }

  /** A daemon, because reading a file of a dead mount may never end. */
  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "debug-collector");
    thread.setDaemon(true);
    return thread;
  }

  private static String await(Future<String> content, long deadlineNanos)
      throws InterruptedException {
    try {
      return content.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return "could not be collected: " + e.getCause() + "\n";
    } catch (TimeoutException e) {
      return "could not be collected: no answer in time\n";
    }
  }

  private static Path pack(Path directory, Map<String, String> contents) throws IOException {
    Path archive = directory.resolveSibling(directory.getFileName() + ".zip");
    Files.createFile(
        archive,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, String> part : contents.entrySet()) {
        zip.putNextEntry(new ZipEntry(directory.getFileName() + "/" + part.getKey()));
        zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return archive;
  }
}
