package io.jfs.fuse.device;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual machine's optimizing compiler, which is busy for the first minutes of a process. On a
 * machine with few processors it takes them from the requests that it is to make faster later: with
 * two, the first seconds of a load ran at half their speed.
 */
public final class OptimizingCompiler {
  private static final Logger log = LoggerFactory.getLogger(OptimizingCompiler.class);
  private static final String THREAD_NAME = "C2 Compiler";
  private static final int NICE = 10;

  private OptimizingCompiler() {}

  /**
   * Has its threads work in what processor time is left over. The quick compiler is not touched.
   * Without effect where the virtual machine has no such threads.
   */
  public static void yieldToRequests() {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        yieldIfCompiler(task);
      }
    } catch (IOException | RuntimeException e) {
      log.debug("the compiler keeps its priority", e);
    }
  }

  private static void yieldIfCompiler(Path task) throws IOException {
    if (Files.readString(task.resolve("comm")).startsWith(THREAD_NAME)) {
      int answer = LibC.setNice(Integer.parseInt(task.getFileName().toString()), NICE);
      log.debug("priority of {}: {}", task, answer);
    }
  }
}
