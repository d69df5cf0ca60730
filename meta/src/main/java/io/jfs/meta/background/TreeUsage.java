package io.jfs.meta.background;

import io.jfs.meta.Operations;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.ops.QuotaGuard.Amount;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds up a directory tree, entry by entry, as quotas count it. Walks; takes as long as it takes.
 */
public final class TreeUsage {
  private static final int PAGE = 1000;

  private final Operations operations;
  private final Engine engine;

  /** Walks the engine's volume. */
  public TreeUsage(Operations operations, Engine engine) {
    this.operations = operations;
    this.engine = engine;
  }

  /** How usage is found. */
  public enum Exactness {
    /** From the sums that directories keep, where they keep them. */
    STATISTICS,
    /** From the attributes of all inodes. */
    STRICT
  }

  /** What lies below a directory, without itself. */
  public Amount below(Ino directory, Exactness exactness) throws FsException {
    long spaceBytes = 0;
    long inodes = 0;
    Deque<Ino> open = new ArrayDeque<>(List.of(directory));
    while (!open.isEmpty()) {
      Ino at = open.pop();
      Amount kept = exactness == Exactness.STATISTICS ? statistics(at) : null;
      Object from = null;
      do {
        Page<Row<Name, Dentry>> page = engine.list(Records.DENTRY, at, from, PAGE);
        Amount amount = kept == null ? addUp(page.rows(), open) : onlyOpen(page.rows(), open);
        spaceBytes += amount.spaceBytes();
        inodes += amount.inodes();
        from = page.next();
      } while (from != null);
      if (kept != null) {
        spaceBytes += kept.spaceBytes();
        inodes += kept.inodes();
      }
    }
    return new Amount(spaceBytes, inodes);
  }

  /** What a directory's entries add up to, as it says; null if it does not say. */
  private @Nullable Amount statistics(Ino directory) throws FsException {
    return operations
        .read(txn -> Optional.ofNullable(txn.records().get(Records.DIR_STAT, directory)))
        .map(sums -> new Amount(sums[1], sums[2]))
        .orElse(null);
  }

  private static Amount onlyOpen(List<Row<Name, Dentry>> rows, Deque<Ino> open) {
    for (Row<Name, Dentry> row : rows) {
      if (row.value().type() == FileType.DIRECTORY) {
        open.push(row.value().ino());
      }
    }
    return new Amount(0, 0);
  }

  private Amount addUp(List<Row<Name, Dentry>> rows, Deque<Ino> open) throws FsException {
    return operations.read(
        txn -> {
          txn.records()
              .prefetch(
                  rows.stream().map(row -> MetaTxn.attrRef(row.value().ino())).toArray(Ref[]::new));
          long spaceBytes = 0;
          long inodes = 0;
          for (Row<Name, Dentry> row : rows) {
            Attr attr = txn.attr(row.value().ino());
            if (attr == null) {
              continue;
            }
            spaceBytes += attr.usedSpaceBytes();
            inodes++;
            if (attr.isDirectory()) {
              open.push(row.value().ino());
            }
          }
          return new Amount(spaceBytes, inodes);
        });
  }
}
