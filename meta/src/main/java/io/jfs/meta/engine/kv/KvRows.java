package io.jfs.meta.engine.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one query answered.
 *
 * @param rows in key order
 * @param revision the store's revision at the moment of the read; 0 in stores without
 */
public record KvRows(List<KvPair> rows, long revision) {
  /** Nothing there. */
  public static final KvRows NONE = new KvRows(List.of(), 0);

  /** The only row of a query for one key; null if the key is absent. */
  public @Nullable KvPair single() {
    return rows.isEmpty() ? null : rows.get(0);
  }
}
