package io.jfs.meta.engine.redis;

import static io.jfs.meta.engine.redis.KeyCommand.ascii;
import static io.jfs.meta.engine.redis.KeyCommand.decimal;
import static io.jfs.meta.engine.redis.TextCodecs.text;

import io.jfs.meta.engine.redis.Pages.Step;
import io.jfs.meta.engine.redis.RedisConnections.Lane;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.EntryPage;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Listings of directories with attributes: entries and the attributes behind them are one request,
 * up to a number that keeps the server busy for no longer than other calls do.
 */
final class RedisEntries {
  /** Attributes that one call brings along at most. */
  static final int MOST_JOINED = 1000;

  private static final int MOST_STEP = 10_000;
  private static final String START = "0";

  private final RedisLayout layout;
  private final RedisLink link;
  private final RedisScans.Fetcher fetcher;

  RedisEntries(RedisLayout layout, RedisLink link, RedisScans.Fetcher fetcher) {
    this.layout = layout;
    this.link = link;
    this.fetcher = fetcher;
  }

  /** See {@link io.jfs.meta.txn.Engine#listWithAttributes}. */
  EntryPage list(Ino directory, @Nullable Object from, int limit) {
    Map<Ref, Observed> attributes = new HashMap<>();
    Page<Row<Name, Dentry>> page =
        Pages.<Row<Name, Dentry>, String>page(
            from, limit, START, cursor -> step(directory, cursor, limit, attributes));
    List<Ref> missing = new ArrayList<>();
    for (Row<Name, Dentry> row : page.rows()) {
      Ref attr = attr(row.value());
      if (!attributes.containsKey(attr)) {
        missing.add(attr);
      }
    }
    if (!missing.isEmpty()) {
      attributes.putAll(fetcher.fetch(Lane.LIST, missing));
    }
    return new EntryPage(page, attributes);
  }

  private static Ref attr(Dentry dentry) {
    return new Ref.OfCell<>(Records.ATTR, dentry.ino());
  }

  private Step<Row<Name, Dentry>, String> step(
      Ino directory, String cursor, int limit, Map<Ref, Observed> attributes) {
    TableLayout<Ino, Name, Dentry> table = layout.of(Records.DENTRY);
    String key = table.redisKey(directory);
    int count = Math.min(MOST_STEP, Math.max(MOST_JOINED, limit));
    List<byte[]> words =
        List.of(
            ascii(layout.prefix()),
            ascii(cursor),
            decimal(count),
            decimal(Math.min(limit, MOST_JOINED)));
    List<Object> answer = link.read(Lane.LIST, Script.ENTRIES, List.of(ascii(key)), words);
    List<?> joined = (List<?>) answer.get(2);
    Map<Name, Dentry> entries = new LinkedHashMap<>();
    int at = 0;
    for (Shape.RawRow raw : table.shape().rows((List<?>) answer.get(1))) {
      Name name = table.fromField().apply(raw.field());
      if (name != null) {
        Dentry dentry = table.value().decode(raw.value(), key);
        entries.put(name, dentry);
        if (at < joined.size()) {
          Ref attr = attr(dentry);
          attributes.put(attr, observe(attr, (byte[]) joined.get(at)));
        }
      }
      at++;
    }
    List<Row<Name, Dentry>> rows = new ArrayList<>(entries.size());
    entries.forEach((name, dentry) -> rows.add(new Row<>(name, dentry)));
    String next = text((byte[]) answer.get(0));
    return new Step<>(rows, next.equals(START) ? null : next);
  }

  private Observed observe(Ref ref, byte @Nullable [] stored) {
    Attr attr = stored == null ? null : layout.of(Records.ATTR).value().decode(stored, ref);
    return new Observed(attr, Replies.of(stored));
  }
}
