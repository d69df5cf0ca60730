package io.jfs.cli.bench;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.admin.Quantities;
import io.jfs.cli.watch.Screen;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Reads and writes a fixed set of objects at random for some time: how a store behaves under a
 * steady load. Read latencies and write latencies are counted apart.
 */
public final class ObjectMix {
  private final BenchObjects objects;
  private final Plan plan;
  private final String prefix;

  /**
   * A run.
   *
   * @param name of the run
   * @param time how long
   * @param threads that work
   * @param queueDepth requests that each thread has under way at once
   * @param blockBytes size of an object
   * @param objects how many different ones
   * @param readShare share of reads among requests, 0 to 1
   */
  public record Plan(
      String name,
      Duration time,
      int threads,
      int queueDepth,
      int blockBytes,
      int objects,
      double readShare) {}

  /**
   * What came of it.
   *
   * @param plan what was asked for
   * @param all both together
   * @param reads latencies of reads
   * @param writes latencies of writes
   */
  public record Outcome(Plan plan, Load.Result all, Latencies reads, Latencies writes) {
    /** For people: throughput, then the spread of reads and of writes. */
    public String text(Screen screen) {
      StringBuilder text = new StringBuilder();
      text.append(
          String.format(
              Locale.ROOT,
              "%s: %d threads x %d requests, %s objects, %.0f%% reads, %.1f s%n"
                  + "  %.1f IOPS, %.2f MiB/s%n",
              plan.name(),
              plan.threads(),
              plan.queueDepth(),
              Quantities.bytes(plan.blockBytes()),
              plan.readShare() * 100,
              all.elapsedNanos() / 1e9,
              all.perSecond(),
              all.mibPerSecond()));
      append(text, "reads", reads, screen);
      append(text, "writes", writes, screen);
      return text.toString();
    }

    private void append(StringBuilder text, String what, Latencies latencies, Screen screen) {
      if (latencies.count() > 0) {
        double perSecond = latencies.count() * 1e9 / all.elapsedNanos();
        text.append(
            String.format(Locale.ROOT, "%s: %d, %.1f IOPS%n", what, latencies.count(), perSecond));
        text.append(LatencyText.lines(latencies));
        text.append(LatencyText.histogram(latencies, screen));
      }
    }

    /** For a JSON document. */
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", plan.name());
      json.put("threads", (long) plan.threads());
      json.put("queueDepth", (long) plan.queueDepth());
      json.put("blockSize", (long) plan.blockBytes());
      json.put("objects", (long) plan.objects());
      json.put("readShare", plan.readShare());
      json.putAll(new Measured("mixed", "", "", all).json());
      json.put("reads", reads.count());
      json.put("readLatencyMillis", LatencyText.json(reads));
      json.put("writes", writes.count());
      json.put("writeLatencyMillis", LatencyText.json(writes));
      return json;
    }
  }

  /** Runs on a store with objects whose names begin with {@code prefix}. */
  public ObjectMix(ObjectStore store, Plan plan, String prefix) {
    this.objects = new BenchObjects(store);
    this.plan = plan;
    this.prefix = prefix;
  }

  /** Fills the store, runs, and removes the objects again. */
  public Outcome run() throws Exception {
    int workers = plan.threads() * plan.queueDepth();
    Load load = new Load(workers, System::nanoTime);
    List<ByteBuffer> buffers = new ArrayList<>();
    byte[] content = new byte[plan.blockBytes()];
    new Random(plan.blockBytes()).nextBytes(content);
    for (int i = 0; i < workers; i++) {
      buffers.add(ByteBuffer.allocateDirect(content.length).put(content).flip());
    }
    Latencies reads = new Latencies();
    Latencies writes = new Latencies();
    try {
      Object unused =
          load.times(plan.objects(), (w, n) -> objects.put(key((int) n), buffers.get(w)));
      Load.Result all =
          load.during(
              plan.time(),
              (w, n) -> {
                SplittableRandom random = new SplittableRandom(n);
                String key = key(random.nextInt(plan.objects()));
                boolean isRead = random.nextDouble() < plan.readShare();
                long start = System.nanoTime();
                long bytes =
                    isRead ? objects.get(key, buffers.get(w)) : objects.put(key, buffers.get(w));
                (isRead ? reads : writes).add(System.nanoTime() - start);
                return bytes;
              });
      return new Outcome(plan, all, reads, writes);
    } finally {
      Object unused = load.times(plan.objects(), (w, n) -> objects.delete(key((int) n)));
    }
  }

  private String key(int number) {
    return prefix + "mix-" + number;
  }
}
