package io.jfs.cli.bench;

import io.jfs.cli.text.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a bench has cost the mount that it ran on: its operations by layer. */
public final class MountCosts {
  private static final Map<String, String> LAYERS = layers();

  private final @Nullable Path file;
  private final @Nullable MountCounts before;

  private MountCosts(@Nullable Path file, @Nullable MountCounts before) {
    this.file = file;
    this.before = before;
  }

  /** Begins to count, if the path is on a mount of jfs or JuiceFS. */
  public static MountCosts begin(Path path) throws IOException {
    Path file = MountCounts.fileFor(path);
    return new MountCosts(file, file == null ? null : MountCounts.read(file));
  }

  private static Map<String, String> layers() {
    Map<String, String> layers = new LinkedHashMap<>();
    String object = "object_request_durations_histogram_seconds_";
    layers.put("FUSE operation", "fuse_ops_durations_histogram_seconds");
    layers.put("Update meta", "transaction_durations_histogram_seconds");
    layers.put("Put object", object + "PUT");
    layers.put("Get object", object + "GET");
    layers.put("Delete object", object + "DELETE");
    layers.put("Write into cache", "blockcache_write_hist_seconds");
    layers.put("Read from cache", "blockcache_read_hist_seconds");
    return layers;
  }

  /** Adds a row for each layer: operations since the beginning, and what one took. */
  public void addTo(Table table) throws IOException {
    if (file == null || before == null) {
      return;
    }
    MountCounts after = MountCounts.read(file);
    for (Map.Entry<String, String> layer : LAYERS.entrySet()) {
      double count = after.since(before, layer.getValue() + "_total");
      double seconds = after.since(before, layer.getValue() + "_sum");
      table.row(
          layer.getKey(),
          String.format(Locale.ROOT, "%.0f operations", count),
          String.format(Locale.ROOT, "%.2f ms/op", count > 0 ? seconds * 1e3 / count : 0),
          "");
    }
  }
}
