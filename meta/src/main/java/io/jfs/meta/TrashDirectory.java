package io.jfs.meta;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.TrashHour;
import io.jfs.meta.record.Records.Sequence;
import org.jspecify.annotations.Nullable;

/**
 * The trash directory of the current hour, remembered until the hour ends. Metadata spec 6.16.
 * Thread safe.
 */
final class TrashDirectory {
  private final Operations operations;
  private volatile @Nullable Hour current;

  private record Hour(long number, Ino ino) {}

  TrashDirectory(Operations operations) {
    this.operations = operations;
  }

  /**
   * The directory for what is deleted at {@code now}; made if it is the first deletion of the hour.
   *
   * @throws FsException ENOSPC, EROFS
   */
  Ino at(Timestamp now) throws FsException {
    long number = Math.floorDiv(now.seconds(), 3600L);
    Hour hour = current;
    if (hour == null || hour.number() != number) {
      hour = new Hour(number, findOrMake(TrashHour.nameAt(now)));
      current = hour;
    }
    return hour.ino();
  }

  private Ino findOrMake(Name name) throws FsException {
    Ino found =
        operations.read(
            txn -> {
              Dentry dentry = txn.dentry(Ino.TRASH_ROOT, name);
              return dentry == null ? Ino.NONE : dentry.ino();
            });
    if (!found.equals(Ino.NONE)) {
      return found;
    }
    long number = operations.allocate(Sequence.TRASH_DIR, 1);
    Ino made = new Ino(Ino.TRASH_ROOT.value() + number);
    return operations.change(Ino.TRASH_ROOT, txn -> TrashHour.require(txn, name, made));
  }
}
