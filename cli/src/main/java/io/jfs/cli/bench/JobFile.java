package io.jfs.cli.bench;

import io.jfs.cli.option.CommandLineParser;
import io.jfs.cli.option.ObjbenchOptions;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Timed runs as a file describes them: sections in brackets, one per run, with lines {@code
 * option=value} as on the command line; what stands before the first section or in {@code [global]}
 * holds for all. Lines with {@code #} or {@code ;} are comments.
 */
public final class JobFile {
  private static final String GLOBAL = "global";
  private static final int LARGEST_BLOCK_BYTES = 1 << 30;

  private JobFile() {}

  /**
   * The runs of a file, in order.
   *
   * @throws UsageException if it cannot be read or says what cannot be
   */
  public static List<ObjectMix.Plan> read(Path file) throws UsageException {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    String section = GLOBAL;
    int number = 0;
    for (String raw : lines(file)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("[") && line.endsWith("]")) {
        section = line.substring(1, line.length() - 1).strip();
        sections.computeIfAbsent(section, s -> new ArrayList<>());
      } else if (line.contains("=")) {
        int equals = line.indexOf('=');
        String name = line.substring(0, equals).strip();
        String value = line.substring(equals + 1).strip();
        sections.computeIfAbsent(section, s -> new ArrayList<>()).add("--" + name + "=" + value);
      } else {
        throw new UsageException(file + ":" + number + ": neither [run] nor option=value: " + line);
      }
    }
    return plans(file, sections);
  }

  private static List<String> lines(Path file) throws UsageException {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UsageException("cannot read the job file " + e.getMessage());
    }
  }

  private static List<ObjectMix.Plan> plans(Path file, Map<String, List<String>> sections)
      throws UsageException {
    List<ObjectMix.Plan> plans = new ArrayList<>();
    CommandLineParser parser = new CommandLineParser(ObjbenchOptions.GROUPS);
    for (Map.Entry<String, List<String>> section : sections.entrySet()) {
      if (section.getKey().equals(GLOBAL)) {
        continue;
      }
      List<String> words = new ArrayList<>(sections.getOrDefault(GLOBAL, List.of()));
      words.addAll(section.getValue());
      try {
        plans.add(plan(section.getKey(), parser.parse(words).options()));
      } catch (UsageException e) {
        throw new UsageException(file + " [" + section.getKey() + "]: " + e.getMessage());
      }
    }
    if (plans.isEmpty()) {
      throw new UsageException(file + " describes no run: a run begins with its name in brackets");
    }
    return plans;
  }

  /**
   * The run that options describe.
   *
   * @throws UsageException if they make no sense
   */
  public static ObjectMix.Plan plan(String name, Options options) throws UsageException {
    Duration time = options.get(ObjbenchOptions.DURATION);
    if (time.isZero() || time.isNegative()) {
      throw new UsageException("duration must be more than 0");
    }
    return new ObjectMix.Plan(
        name,
        time,
        atLeastOne("threads", options.get(ObjbenchOptions.THREADS)),
        atLeastOne("queue-depth", options.get(ObjbenchOptions.QUEUE_DEPTH)),
        atLeastOne("block-size", options.get(ObjbenchOptions.BLOCK_SIZE)),
        atLeastOne("objects", options.get(ObjbenchOptions.OBJECTS)),
        options.get(ObjbenchOptions.READ_RATIO));
  }

  /** A number from 1 to 2^30, which all sizes and counts of benches are. */
  public static int atLeastOne(String option, long value) throws UsageException {
    if (value < 1 || value > LARGEST_BLOCK_BYTES) {
      throw new UsageException(option + " must be from 1 to " + LARGEST_BLOCK_BYTES);
    }
    return (int) value;
  }
}
