package io.jfs.meta.background;

import io.jfs.meta.Operations;
import io.jfs.meta.admin.OwnerUsage;
import io.jfs.meta.background.TreeUsage.Exactness;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.ops.QuotaGuard.Amount;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what quotas say is used with what is there. Clients write usage every few seconds, so on
 * a volume in use the two may differ for that long.
 */
public final class QuotaAudit {
  private final Operations operations;
  private final Engine engine;
  private final QuotaBook book;

  /** Audits the quotas of a book. */
  public QuotaAudit(Operations operations, Engine engine, QuotaBook book) {
    this.operations = operations;
    this.engine = engine;
    this.book = book;
  }

  /** What is stored as used; null if nothing is. */
  public @Nullable Amount stored(QuotaKey key) throws FsException {
    return operations
        .read(txn -> Optional.ofNullable(txn.records().get(Records.QUOTA_USED, key)))
        .map(used -> new Amount(used[0], used[1]))
        .orElse(null);
  }

  /** What lies below a directory. */
  public Amount below(Ino directory, Exactness exactness) throws FsException {
    return new TreeUsage(operations, engine).below(directory, exactness);
  }

  /** What each user and group owns, and zeros for those who own nothing but have a quota. */
  public Map<QuotaKey, Amount> owned() {
    Map<QuotaKey, Amount> owned =
        new TreeMap<>(
            Comparator.comparing(QuotaKey::kind)
                .thenComparing(QuotaKey::id, Long::compareUnsigned));
    for (QuotaBook.QuotaUsage usage : book.usages()) {
      if (usage.key().kind() != Kind.DIRECTORY) {
        owned.put(usage.key(), new Amount(0, 0));
      }
    }
    OwnerUsage.count(engine).forEach((key, used) -> owned.put(key, new Amount(used[0], used[1])));
    return owned;
  }

  /** Stores what is used. */
  public void repair(QuotaKey key, Amount used) throws FsException {
    operations.run(
        Ino.NONE,
        txn -> {
          if (txn.records().get(Records.QUOTA, key) == null) {
            txn.records().put(Records.QUOTA, key, QuotaBook.NO_LIMITS);
          }
          txn.records().set(Records.QUOTA_USED, key, used.spaceBytes(), used.inodes());
        });
    book.reload();
  }
}
