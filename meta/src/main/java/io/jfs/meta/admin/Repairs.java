package io.jfs.meta.admin;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.RecordTxn;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import io.jfs.meta.txn.Transactor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Carries out what puts findings right, each in a transaction of its own. */
public final class Repairs {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int PAGE = 1000;
  private static final int HOME_MODE = 0700;

  private final Engine engine;
  private final Transactor transactor;

  /** Repairs the volume of an engine, which stays the caller's to close. */
  public Repairs(Engine engine) {
    this.engine = engine;
    this.transactor = Transactor.ofTool(engine, PATIENCE);
  }

  /**
   * Puts a finding right.
   *
   * @return whether that was done; false if nothing can, or the records have changed since
   */
  public boolean apply(Finding finding) throws FsException {
    Remedy remedy = finding.remedy();
    if (remedy == null) {
      return false;
    }
    if (finding.kind() == Finding.Kind.ORPHAN_INODE && staysWithoutName(finding.ino())) {
      makeLostAndFound();
    }
    return commit(remedy);
  }

  /** Whether it needs a home; what has no link at all goes. */
  private boolean staysWithoutName(Ino ino) throws FsException {
    return transactor.read(
        attempt -> {
          Attr attr = attempt.records().get(Records.ATTR, ino);
          return attr != null && (attr.isDirectory() || attr.nlink() > 0);
        });
  }

  private boolean commit(Remedy remedy) throws FsException {
    return transactor.run(Ino.ROOT, attempt -> remedy.apply(attempt.records())).answer();
  }

  private void makeLostAndFound() throws FsException {
    Ino ino = new Ino(engine.allocate(Sequence.INODE, 1));
    Timestamp now = Timestamp.of(InstantSource.system().instant());
    Object unused =
        commit(
            records -> {
              Attr root = records.get(Records.ATTR, Ino.ROOT);
              if (root == null
                  || records.get(Records.DENTRY, Ino.ROOT, TreeRemedies.LOST_AND_FOUND) != null) {
                return false;
              }
              add(records, ino, now);
              records.put(
                  Records.ATTR, Ino.ROOT, root.edit().nlink(root.nlink() + 1).changed(now).build());
              return true;
            });
  }

  private static void add(RecordTxn records, Ino ino, Timestamp now) {
    long length = Attr.DIRECTORY_LENGTH_BYTES;
    Attr attr =
        new Attr(
            FileType.DIRECTORY, 0, HOME_MODE, 0, 0, now, now, now, 2, length, 0, Ino.ROOT, 0, 0, 0);
    records.put(Records.ATTR, ino, attr);
    records.put(
        Records.DENTRY, Ino.ROOT, TreeRemedies.LOST_AND_FOUND, new Dentry(FileType.DIRECTORY, ino));
    records.set(Records.DIR_STAT, ino, 0, 0, 0);
    records.addIfPresent(Records.DIR_STAT, Ino.ROOT, 0, attr.usedSpaceBytes(), 1);
    records.add(Records.USED_SPACE, Volume.KEY, attr.usedSpaceBytes());
    records.add(Records.USED_INODES, Volume.KEY, 1);
  }

  /** Sets a directory's sums to what its entries add up to; nothing if it is no directory. */
  public void recount(Ino directory) throws FsException {
    long[] sums = new long[3];
    Object from = null;
    do {
      Page<Row<Name, Dentry>> page = engine.list(Records.DENTRY, directory, from, PAGE);
      addUp(page.rows(), sums);
      from = page.next();
    } while (from != null);
    Object unused =
        commit(
            records -> {
              Attr attr = records.get(Records.ATTR, directory);
              boolean isDirectory = attr != null && attr.isDirectory();
              if (isDirectory) {
                records.set(Records.DIR_STAT, directory, sums);
              }
              return isDirectory;
            });
  }

  private void addUp(List<Row<Name, Dentry>> rows, long[] sums) {
    List<Ref> refs = new ArrayList<>();
    rows.forEach(row -> refs.add(new Ref.OfCell<>(Records.ATTR, row.value().ino())));
    Map<Ref, Observed> seen = refs.isEmpty() ? Map.of() : engine.fetch(refs);
    for (Ref ref : refs) {
      Observed observed = seen.get(ref);
      if (observed != null && observed.value() instanceof Attr attr) {
        sums[0] += attr.isRegular() ? attr.lengthBytes() : 0;
        sums[1] += attr.usedSpaceBytes();
        sums[2]++;
      }
    }
  }

  /** Every directory of the volume. */
  public List<Ino> directories() {
    List<Ino> directories = new ArrayList<>();
    new Scans(engine)
        .each(
            Records.ATTR,
            (ino, attr) -> {
              if (attr.isDirectory()) {
                directories.add(ino);
              }
            });
    return directories;
  }

  /** Whether somebody may be changing the volume. */
  public boolean isInUse() {
    return !engine.scan(Records.SESSION_EXPIRY, null, 1).rows().isEmpty();
  }
}
