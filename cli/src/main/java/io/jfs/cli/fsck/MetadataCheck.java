package io.jfs.cli.fsck;

import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.InodePaths;
import io.jfs.meta.admin.Repairs;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.txn.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds what does not add up in a volume's records, and repairs it. While somebody has the volume
 * mounted, only what two looks some seconds apart say alike is believed: that is longer than
 * clients keep their sums to themselves.
 */
public final class MetadataCheck {
  private static final long BETWEEN_LOOKS_MILLIS = 5000;

  /** Repairing one thing may show another: a rebuilt inode changes sums. */
  private static final int ROUNDS = 4;

  private final Engine engine;
  private final Repairs repairs;
  private final Scope scope;
  private final int directoryMode;

  /** Checks a scope; directories that are made anew get this mode. */
  public MetadataCheck(Engine engine, Scope scope, int directoryMode) {
    this.engine = engine;
    this.repairs = new Repairs(engine);
    this.scope = scope;
    this.directoryMode = directoryMode;
  }

  /** What is wrong. */
  public List<Finding> find() throws InterruptedException {
    List<Finding> found = look();
    if (found.isEmpty() || !repairs.isInUse()) {
      return found;
    }
    Thread.sleep(BETWEEN_LOOKS_MILLIS);
    return VolumeCheck.confirmed(found, look());
  }

  private List<Finding> look() {
    return VolumeCheck.run(engine, directoryMode).stream().filter(scope::contains).toList();
  }

  /** Repairs what can be repaired; what is wrong still. */
  public List<Finding> repair(List<Finding> found, Consumer<Finding> repaired)
      throws FsException, InterruptedException {
    List<Finding> rest = found;
    for (int round = 0; round < ROUNDS; round++) {
      boolean any = false;
      for (Finding finding : rest) {
        if (repairs.apply(finding)) {
          repaired.accept(finding);
          any = true;
        }
      }
      if (!any) {
        return rest;
      }
      rest = find();
    }
    return rest;
  }

  /** Counts every directory of the scope anew; how many there are. */
  public long syncDirectoryStatistics() throws FsException {
    List<Ino> directories = new ArrayList<>(repairs.directories());
    directories.removeIf(ino -> !scope.contains(ino));
    try (Progress progress = Progress.onStandardError()) {
      Counter done = progress.bar("Counted directories", Unit.COUNT, directories.size());
      for (Ino directory : directories) {
        repairs.recount(directory);
        done.increment();
      }
    }
    return directories.size();
  }

  /** A finding as a line: how bad, what, where, in which words. */
  public static String line(Finding finding, InodePaths paths) {
    StringBuilder line = new StringBuilder();
    line.append(finding.kind().severity()).append(' ').append(finding.kind());
    if (!finding.ino().equals(Ino.NONE)) {
      line.append(" inode ").append(finding.ino());
      for (String path : where(finding, paths)) {
        line.append(' ').append(path);
      }
    }
    return line.append(": ").append(finding.detail()).toString();
  }

  private static List<String> where(Finding finding, InodePaths paths) {
    if (finding.entry() != null) {
      String path = paths.of(finding.ino(), finding.entry());
      return path == null ? List.of() : List.of(path);
    }
    return paths.of(finding.ino());
  }
}
