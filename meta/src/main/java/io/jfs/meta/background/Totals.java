package io.jfs.meta.background;

import io.jfs.meta.Operations;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Ref;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The volume's usage as this client knows it: what was read last, and what it has done since. Exact
 * enough for limits. Thread safe.
 */
public final class Totals {
  private static final Ref SPACE = new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY);
  private static final Ref INODES = new Ref.OfCounter<>(Records.USED_INODES, Volume.KEY);

  private final Operations operations;
  private final AtomicLong spaceBytes = new AtomicLong();
  private final AtomicLong inodes = new AtomicLong();

  /** Zeros until {@link #reload}. */
  public Totals(Operations operations) {
    this.operations = operations;
  }

  /**
   * Usage of a volume.
   *
   * @param spaceBytes bytes, never negative
   * @param inodes number, never negative
   */
  public record Usage(long spaceBytes, long inodes) {}

  /** Adds what a committed operation of this client changed: owners count every inode once. */
  public void accept(Effects effects) {
    for (Effects.UsageChange change : effects.usages()) {
      if (change.directory().equals(Ino.NONE) && change.uid() != -1) {
        spaceBytes.addAndGet(change.spaceBytes());
        inodes.addAndGet(change.inodes());
      }
    }
  }

  /** Asks the engine. */
  public Usage reload() throws FsException {
    long[] stored =
        operations.read(
            txn -> {
              txn.records().prefetch(SPACE, INODES);
              long[] space = txn.records().get(Records.USED_SPACE, Volume.KEY);
              long[] number = txn.records().get(Records.USED_INODES, Volume.KEY);
              return new long[] {space == null ? 0 : space[0], number == null ? 0 : number[0]};
            });
    spaceBytes.set(stored[0]);
    inodes.set(stored[1]);
    return known();
  }

  /** Without asking the engine. */
  public Usage known() {
    return new Usage(Math.max(0, spaceBytes.get()), Math.max(0, inodes.get()));
  }
}
