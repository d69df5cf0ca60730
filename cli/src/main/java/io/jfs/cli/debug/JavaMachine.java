package io.jfs.cli.debug;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The Java machine of a mount, asked through the {@code jcmd} that comes with its Java. */
final class JavaMachine {
  private static final int FRAMES = 12;
  private static final long SAMPLE_PAUSE_MILLIS = 500;

  private final MountProcess process;

  JavaMachine(MountProcess process) {
    this.process = process;
  }

  /** Whether the process is one. */
  boolean exists() {
    return process.program().map(Path::getFileName).map(Path::toString).orElse("").equals("java");
  }

  private String jcmd(String... words) throws IOException, InterruptedException {
    String tool =
        process
            .program()
            .map(java -> java.resolveSibling("jcmd"))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .orElse("jcmd");
    List<String> command = new ArrayList<>(List.of(tool, Long.toString(process.pid())));
    command.addAll(List.of(words));
    return ToolRun.output(command);
  }

  /** What every thread does and which locks it holds. */
  String threads() throws IOException, InterruptedException {
    return jcmd("Thread.print", "-l");
  }

  /** The heap, and what fills it. Counts unreachable objects, too, which needs no collection. */
  String heap() throws IOException, InterruptedException {
    return jcmd("GC.heap_info") + "\n" + jcmd("GC.class_histogram", "-all");
  }

  /** Version and flags. Not its properties: the command line is among them. */
  String machine() throws IOException, InterruptedException {
    return jcmd("VM.version") + "\n" + jcmd("VM.uptime") + "\n" + jcmd("VM.flags");
  }

  /** Where running threads were seen during some time, the most frequent place first. */
  String profile(long seconds) throws IOException, InterruptedException {
    Map<String, Integer> places = new HashMap<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int samples = 0;
    do {
      for (String place : runningPlaces(jcmd("Thread.print"))) {
        places.merge(place, 1, Integer::sum);
      }
      samples++;
      TimeUnit.MILLISECONDS.sleep(SAMPLE_PAUSE_MILLIS);
    } while (System.nanoTime() < end);
    return samples
        + " samples of threads that run Java code\n"
        + places.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(entry -> "\n" + entry.getValue() + " times\n" + entry.getKey())
            .collect(Collectors.joining());
  }

  /** The innermost frames of each thread that runs, without what only waits in a native call. */
  static List<String> runningPlaces(String threadDump) {
    List<String> places = new ArrayList<>();
    for (String thread : threadDump.split("\n\n")) {
      List<String> frames =
          thread.lines().filter(line -> line.startsWith("\tat ")).limit(FRAMES).toList();
      boolean running = thread.contains("java.lang.Thread.State: RUNNABLE");
      if (running && !frames.isEmpty() && !frames.get(0).contains("(Native Method)")) {
        places.add(String.join("\n", frames) + "\n");
      }
    }
    return places;
  }
}
