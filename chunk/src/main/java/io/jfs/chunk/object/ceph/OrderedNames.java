package io.jfs.chunk.object.ceph;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.chunk.object.KeyOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pages of sorted names out of a source that tells all names and in no order. Going through the
 * source is dear, and holding all names may take more memory than there is. So each walk keeps as
 * many of the next names as fit a window, and the pages that follow come out of it; a listing of n
 * names walks n / window times. What follows a page is remembered for some minutes; names that are
 * made meanwhile may be missing in the rest of that listing.
 */
final class OrderedNames {
  private static final int MOST_WINDOWS = 4;
  private static final long LIFE_NANOS = 120_000_000_000L;

  private final Source source;
  private final int windowNames;
  private final LongSupplier nanoTime;

  @GuardedBy("windows")
  private final Map<Position, Window> windows = new LinkedHashMap<>();

  /** Tells names. */
  @FunctionalInterface
  interface Source {
    /** Tells all names there are, in any order; one may be told twice. */
    void each(Consumer<String> visitor) throws IOException;
  }

  private record Position(String prefix, String after) {}

  /** The names from a position on, all of them or as many as fit. */
  private record Window(List<String> names, boolean isEnd, long bornNanos) {}

  /**
   * Names of a source.
   *
   * @param windowNames how many names are kept of one walk; at most twice as many are held
   */
  OrderedNames(Source source, int windowNames, LongSupplier nanoTime) {
    this.source = source;
    this.windowNames = windowNames;
    this.nanoTime = nanoTime;
  }

  /** Up to {@code limit} names with a prefix and behind {@code after}; none only at the end. */
  List<String> page(String prefix, String after, int limit) throws IOException {
    Window window = take(new Position(prefix, after));
    if (window == null || (window.names.isEmpty() && !window.isEnd)) {
      window = collect(prefix, after);
    }
    int count = Math.min(limit, window.names.size());
    List<String> page = List.copyOf(window.names.subList(0, count));
    if (count > 0) {
      List<String> rest = window.names.subList(count, window.names.size());
      Window left = new Window(rest, window.isEnd, nanoTime.getAsLong());
      put(new Position(prefix, page.get(count - 1)), left);
    }
    return page;
  }

  private @Nullable Window take(Position position) {
    long now = nanoTime.getAsLong();
    synchronized (windows) {
      windows.values().removeIf(window -> now - window.bornNanos > LIFE_NANOS);
      return windows.remove(position);
    }
  }

  private void put(Position position, Window window) {
    synchronized (windows) {
      windows.put(position, window);
      if (windows.size() > MOST_WINDOWS) {
        windows.remove(windows.keySet().iterator().next());
      }
    }
  }

  private Window collect(String prefix, String after) throws IOException {
    Collector collector = new Collector(prefix, after, windowNames);
    source.each(collector::add);
    return collector.window(nanoTime.getAsLong());
  }

  /** Keeps the least names of many. */
  private static final class Collector {
    private final String prefix;
    private final String after;
    private final int most;
    private List<String> kept = new ArrayList<>();
    private @Nullable String bound;

    Collector(String prefix, String after, int most) {
      this.prefix = prefix;
      this.after = after;
      this.most = most;
    }

    void add(String name) {
      if (name.startsWith(prefix)
          && isBehind(name, after)
          && (bound == null || isBehind(bound, name))) {
        kept.add(name);
        if (kept.size() >= 2 * most) {
          cut();
        }
      }
    }

    private static boolean isBehind(String name, String other) {
      return KeyOrder.INSTANCE.compare(name, other) > 0;
    }

    private void cut() {
      kept.sort(KeyOrder.INSTANCE);
      List<String> least = new ArrayList<>(most);
      String previous = null;
      for (String name : kept) {
        if (!name.equals(previous)) {
          if (least.size() == most) {
            bound = least.get(most - 1);
            break;
          }
          least.add(name);
        }
        previous = name;
      }
      kept = least;
    }

    Window window(long nowNanos) {
      cut();
      return new Window(kept, bound == null, nowNanos);
    }
  }
}
