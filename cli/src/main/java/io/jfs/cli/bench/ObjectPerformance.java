package io.jfs.cli.bench;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** How fast an object store does each thing by itself. Vfs-cli spec 3.8. */
public final class ObjectPerformance {
  private static final int LIST_PAGE = 1000;
  private static final Duration WARM_UP = Duration.ofSeconds(1);

  private final ObjectStore store;
  private final BenchObjects objects;
  private final Plan plan;
  private final String prefix;
  private final Load load;
  private final List<ByteBuffer> big = new ArrayList<>();
  private final List<ByteBuffer> small = new ArrayList<>();
  private final List<Measured> rows = new ArrayList<>();

  /**
   * What is measured.
   *
   * @param blockBytes size of one part of a big object
   * @param bigBytes size of all big objects together
   * @param smallBytes size of a small object
   * @param smallObjects how many
   * @param threads at once
   */
  public record Plan(int blockBytes, long bigBytes, int smallBytes, int smallObjects, int threads) {
    /** How many blocks, of all threads. */
    long blocks() {
      return Math.max(1, (bigBytes + blockBytes - 1) / blockBytes);
    }

    /** How many small objects, of all threads. */
    long smalls() {
      return smallObjects;
    }
  }

  /** Measures a store with objects whose names begin with {@code prefix}. */
  public ObjectPerformance(ObjectStore store, Plan plan, String prefix) {
    this.store = store;
    this.objects = new BenchObjects(store);
    this.plan = plan;
    this.prefix = prefix;
    this.load = new Load(plan.threads(), System::nanoTime);
    Random random = new Random(plan.blockBytes());
    for (int i = 0; i < plan.threads(); i++) {
      big.add(filled(plan.blockBytes(), random));
      small.add(filled(plan.smallBytes(), random));
    }
  }

  private static ByteBuffer filled(int lengthBytes, Random random) {
    byte[] content = new byte[lengthBytes];
    random.nextBytes(content);
    return ByteBuffer.allocateDirect(lengthBytes).put(content).flip();
  }

  /** Measures everything; leaves nothing behind. */
  public List<Measured> run() throws Exception {
    try {
      warmUp();
      bytes(
          "upload objects",
          load.times(plan.blocks(), (w, n) -> objects.put(key("big", n), big.get(w))));
      bytes(
          "download objects",
          load.times(plan.blocks(), (w, n) -> objects.get(key("big", n), big.get(w))));
      count(
          "put small objects",
          load.times(plan.smalls(), (w, n) -> objects.put(key("s", n), small.get(w))));
      count(
          "get small objects",
          load.times(plan.smalls(), (w, n) -> objects.get(key("s", n), small.get(w))));
      list();
      count("head objects", load.times(plan.smalls(), (w, n) -> head(key("s", n))));
      count("delete objects", load.times(plan.smalls(), (w, n) -> objects.delete(key("s", n))));
      return rows;
    } finally {
      clean();
    }
  }

  /** Connections are made and code is compiled before the first figure, not while it is taken. */
  private void warmUp() throws Exception {
    Object unused =
        load.during(
            WARM_UP,
            (w, n) -> {
              String key = key("warm", w);
              long bytes = objects.put(key, small.get(w)) + objects.get(key, small.get(w));
              return bytes + head(key) + objects.delete(key);
            });
  }

  private void clean() throws Exception {
    long blocks = plan.blocks();
    Object unused =
        load.times(
            blocks + plan.smalls(),
            (w, n) -> objects.delete(n < blocks ? key("big", n) : key("s", n - blocks)));
    for (int i = 0; i < plan.threads(); i++) {
      store.delete(key("warm", i));
    }
  }

  private String key(String kind, long number) {
    return prefix + kind + "-" + number;
  }

  private long head(String key) throws IOException {
    if (store.head(key) == null) {
      throw new IOException(key + " is not there");
    }
    return 0;
  }

  private void list() throws Exception {
    long[] found = new long[1];
    Load.Result result =
        new Load(1, System::nanoTime)
            .times(
                1,
                (w, n) -> {
                  String after = "";
                  List<ObjectInfo> page;
                  do {
                    page = store.list(prefix, after, LIST_PAGE);
                    found[0] += page.size();
                    after = page.isEmpty() ? "" : page.get(page.size() - 1).key();
                  } while (page.size() == LIST_PAGE);
                  return 0;
                });
    double seconds = result.elapsedNanos() / 1e9;
    rows.add(
        new Measured(
            "list objects",
            String.format(Locale.ROOT, "%.2f objects/s", found[0] / seconds),
            String.format(Locale.ROOT, "%.2f ms/ %d objects", seconds * 1e3, found[0]),
            result));
  }

  private void bytes(String item, Load.Result result) {
    rows.add(
        new Measured(
            item,
            String.format(Locale.ROOT, "%.2f MiB/s", result.mibPerSecond()),
            cost(result),
            result));
  }

  private void count(String item, Load.Result result) {
    rows.add(
        new Measured(
            item,
            String.format(Locale.ROOT, "%.2f objects/s", result.perSecond()),
            cost(result),
            result));
  }

  private static String cost(Load.Result result) {
    return String.format(Locale.ROOT, "%.2f ms/object", result.averageNanos() / 1e6);
  }
}
