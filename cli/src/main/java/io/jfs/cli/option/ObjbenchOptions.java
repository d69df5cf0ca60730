package io.jfs.cli.option;

import java.time.Duration;
import java.util.List;

/** What {@code jfs objbench} measures and how. Command-line spec 4.3. */
public final class ObjbenchOptions {
  /** Driver. */
  public static final Option<String> STORAGE =
      Option.text("storage", "NAME", "file", "object store: file, s3, minio, ceph");

  /** Shards. */
  public static final Option<Long> SHARDS =
      Option.number("shards", "0", "spread objects over N buckets; ENDPOINT has a %d then");

  /** Storage class. */
  public static final Option<String> STORAGE_CLASS =
      Option.text("storage-class sc", "CLASS", "", "storage class of new objects");

  /** Size of an object of the big ones. */
  public static final Option<Long> BLOCK_SIZE =
      Option.size("block-size b", 'K', "4M", "size of one request for big objects");

  /** All big objects. */
  public static final Option<Long> BIG_OBJECT_SIZE =
      Option.size(
          "big-object-size", 'M', "1G", "bytes that all threads upload and download together");

  /** A small object. */
  public static final Option<Long> SMALL_OBJECT_SIZE =
      Option.size("small-object-size", 'K', "128K", "size of a small object");

  /** How many small objects. */
  public static final Option<Long> SMALL_OBJECTS =
      Option.number("small-objects", "100", "small objects of all threads together");

  /** Only measure. */
  public static final Option<Boolean> SKIP_FUNCTIONAL_TESTS =
      Option.flag("skip-functional-tests", "only measure");

  /** Concurrency. */
  public static final Option<Long> THREADS = Option.number("threads p t", "4", "threads at once");

  /** Timed run instead of the fixed one. */
  public static final Option<Duration> DURATION =
      Option.duration("duration d", "0s", "run a mix of reads and writes for so long instead");

  /** Requests of one thread. */
  public static final Option<Long> QUEUE_DEPTH =
      Option.number("queue-depth", "1", "with -d: requests under way at once per thread");

  /** Objects of a timed run. */
  public static final Option<Long> OBJECTS =
      Option.number("objects", "100", "with -d: number of different objects");

  /** Mix of a timed run. */
  public static final Option<Double> READ_RATIO =
      Option.ratio("read-ratio", "0.5", "with -d: share of reads; the rest are writes");

  /** Repeatable runs. */
  public static final Option<String> JOB =
      Option.text("job", "FILE", "", "timed runs that a file describes, one after the other");

  /** For programs. */
  public static final Option<Boolean> JSON = Option.flag("json", "print the results as JSON");

  /** All of them. */
  public static final List<OptionGroup> GROUPS =
      List.of(
          OptionGroup.of(
              "OBJECT STORE",
              STORAGE,
              FormatOptions.ACCESS_KEY,
              FormatOptions.SECRET_KEY,
              FormatOptions.SESSION_TOKEN,
              SHARDS,
              STORAGE_CLASS,
              StorageOptions.DURABILITY),
          OptionGroup.of(
              "MEASURING",
              THREADS,
              BLOCK_SIZE,
              BIG_OBJECT_SIZE,
              SMALL_OBJECT_SIZE,
              SMALL_OBJECTS,
              SKIP_FUNCTIONAL_TESTS,
              JSON),
          OptionGroup.of("TIMED RUNS", DURATION, QUEUE_DEPTH, OBJECTS, READ_RATIO, JOB));

  private ObjbenchOptions() {}
}
