package io.jfs.meta.admin;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.RecordTxn;
import io.jfs.meta.txn.Transactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What users and groups own, counted from the attributes of all inodes: those in the trash count,
 * the root and the trash's own directories do not. Metadata spec 2 and 6.17.
 */
public final class OwnerUsage {
  private static final QuotaLimits NONE = new QuotaLimits(-1, -1);
  private static final int OWNERS_PER_COMMIT = 20;

  private final Engine engine;
  private final Transactor transactor;

  OwnerUsage(Engine engine, Transactor transactor) {
    this.engine = engine;
    this.transactor = transactor;
  }

  /** Space in bytes and inodes of each user and group. */
  public static Map<QuotaKey, long[]> count(Engine engine) {
    Map<QuotaKey, long[]> owned = new HashMap<>();
    new Scans(engine)
        .each(
            Records.ATTR,
            (ino, attr) -> {
              if (!ino.equals(Ino.ROOT) && !ino.isTrash()) {
                add(owned, new QuotaKey(Kind.USER, Integer.toUnsignedLong(attr.uid())), attr);
                add(owned, new QuotaKey(Kind.GROUP, Integer.toUnsignedLong(attr.gid())), attr);
              }
            });
    return owned;
  }

  private static void add(Map<QuotaKey, long[]> owned, QuotaKey key, Attr attr) {
    long[] sums = owned.computeIfAbsent(key, k -> new long[2]);
    sums[0] += attr.usedSpaceBytes();
    sums[1]++;
  }

  /** Begins to keep usage: forgets what was kept once, limits too, and counts. */
  void start() {
    List<QuotaKey> former = new ArrayList<>();
    new Scans(engine)
        .each(
            Records.QUOTA,
            (key, limits) -> {
              if (key.kind() != Kind.DIRECTORY) {
                former.add(key);
              }
            });
    inSteps(
        former,
        (records, key) -> {
          records.delete(Records.QUOTA, key);
          records.delete(Records.QUOTA_USED, key);
        });
    Map<QuotaKey, long[]> owned = count(engine);
    inSteps(
        List.copyOf(owned.keySet()),
        (records, key) -> {
          records.put(Records.QUOTA, key, NONE);
          records.set(Records.QUOTA_USED, key, owned.getOrDefault(key, new long[2]));
        });
  }

  private void inSteps(List<QuotaKey> keys, BiConsumer<RecordTxn, QuotaKey> change) {
    for (int from = 0; from < keys.size(); from += OWNERS_PER_COMMIT) {
      List<QuotaKey> step = keys.subList(from, Math.min(from + OWNERS_PER_COMMIT, keys.size()));
      try {
        Object unused =
            transactor.run(
                Ino.NONE,
                attempt -> {
                  step.forEach(key -> change.accept(attempt.records(), key));
                  return step;
                });
      } catch (FsException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
