package io.jfs.meta.background;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.Operations;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of directories' sums that this client has not written yet. They are hints: a directory
 * without a stat is recounted, and a crash loses what was not flushed. A sum below zero is none to
 * worry about: another client has not written yet what it added there, and to recount now would
 * count that twice. Metadata spec 6.0. Thread safe.
 */
public final class DirStatBuffer {
  private static final Logger LOG = LoggerFactory.getLogger(DirStatBuffer.class);
  private static final int DIRECTORIES_PER_COMMIT = 20;
  private static final int ENTRIES_PER_PAGE = 1000;

  private final Operations operations;
  private final Engine engine;

  @GuardedBy("this")
  private Map<Ino, long[]> pending = new LinkedHashMap<>();

  /** An empty buffer. */
  public DirStatBuffer(Operations operations, Engine engine) {
    this.operations = operations;
    this.engine = engine;
  }

  /** Notes what a committed operation changed. */
  public synchronized void accept(Effects effects) {
    for (Effects.DirStatChange c : effects.dirStats()) {
      add(c.directory(), new long[] {c.lengthBytes(), c.spaceBytes(), c.inodes()});
    }
  }

  @GuardedBy("this")
  private void add(Ino directory, long[] deltas) {
    pending.merge(
        directory,
        deltas,
        (a, b) -> {
          for (int i = 0; i < a.length; i++) {
            a[i] += b[i];
          }
          return a;
        });
  }

  private synchronized Map<Ino, long[]> take() {
    Map<Ino, long[]> taken = pending;
    pending = new LinkedHashMap<>();
    return taken;
  }

  private synchronized void giveBack(Map<Ino, long[]> untold) {
    untold.forEach(this::add);
  }

  /** Writes what is pending; what cannot be written stays pending. Costs nothing when idle. */
  public void flush() {
    Map<Ino, long[]> taken = take();
    List<Ino> directories = new ArrayList<>(taken.keySet());
    for (int i = 0; i < directories.size(); i += DIRECTORIES_PER_COMMIT) {
      int end = Math.min(i + DIRECTORIES_PER_COMMIT, directories.size());
      try {
        flush(directories.subList(i, end), taken);
      } catch (FsException | EngineException e) {
        LOG.warn("directory statistics: {}", e.getMessage());
        Map<Ino, long[]> untold = new LinkedHashMap<>(taken);
        untold.keySet().removeAll(directories.subList(0, i));
        giveBack(untold);
        return;
      }
    }
  }

  private void flush(List<Ino> directories, Map<Ino, long[]> deltas) throws FsException {
    List<Ino> missing =
        operations.change(
            Ino.NONE,
            txn -> {
              txn.records()
                  .prefetch(
                      directories.stream()
                          .map(d -> new Ref.OfCounter<>(Records.DIR_STAT, d))
                          .toArray(Ref[]::new));
              List<Ino> absent = new ArrayList<>();
              for (Ino directory : directories) {
                long[] delta = deltas.getOrDefault(directory, new long[3]);
                if (txn.records().get(Records.DIR_STAT, directory) != null) {
                  txn.records().addIfPresent(Records.DIR_STAT, directory, delta);
                } else {
                  absent.add(directory);
                }
              }
              return absent;
            });
    for (Ino directory : missing) {
      recount(directory);
    }
  }

  /** Sets a directory's stat to what its entries add up to; nothing if it is no directory. */
  public void recount(Ino directory) throws FsException {
    long[] sums = new long[3];
    Object from = null;
    do {
      Page<Row<Name, Dentry>> page = engine.list(Records.DENTRY, directory, from, ENTRIES_PER_PAGE);
      addUp(page.rows(), sums);
      from = page.next();
    } while (from != null);
    operations.run(
        directory,
        txn -> {
          Attr attr = txn.attr(directory);
          if (attr != null && attr.isDirectory()) {
            txn.records().set(Records.DIR_STAT, directory, sums);
            txn.logChange("DIRSTAT", null, directory, sums[0], sums[1], sums[2]);
          }
        });
  }

  private void addUp(List<Row<Name, Dentry>> rows, long[] sums) throws FsException {
    Ref[] attrs = rows.stream().map(r -> MetaTxn.attrRef(r.value().ino())).toArray(Ref[]::new);
    operations.read(
        txn -> {
          txn.records().prefetch(attrs);
          for (Row<Name, Dentry> row : rows) {
            Attr attr = txn.attr(row.value().ino());
            if (attr != null) {
              sums[0] += attr.isRegular() ? attr.lengthBytes() : 0;
              sums[1] += attr.usedSpaceBytes();
              sums[2]++;
            }
          }
          return sums;
        });
  }
}
