package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Hourly trash directories: named after the hour, made by its first deletion. Metadata spec 6.16.
 */
public final class TrashHour {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd-HH", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TrashHour() {}

  /** The name of the directory for what is deleted at {@code now}: UTC {@code YYYY-MM-DD-HH}. */
  public static Name nameAt(Timestamp now) {
    return Name.of(NAME.format(Instant.ofEpochSecond(now.seconds())));
  }

  /**
   * The directory of an hour: the one that is there, or {@code ino} made now. Two clients that make
   * it at once agree, because the commit observes that the name is free.
   */
  public static Ino require(MetaTxn txn, Name hour, Ino ino) {
    Dentry existing = txn.dentry(Ino.TRASH_ROOT, hour);
    if (existing != null) {
      return existing.ino();
    }
    Attr attr =
        Trash.ROOT_ATTR
            .edit()
            .atime(txn.now())
            .mtime(txn.now())
            .ctime(txn.now())
            .parent(Ino.TRASH_ROOT)
            .build();
    txn.put(Ino.TRASH_ROOT, hour, new Dentry(FileType.DIRECTORY, ino));
    txn.put(ino, attr);
    if (txn.policy().dirStats()) {
      txn.records().set(Records.DIR_STAT, ino, 0, 0, 0);
    }
    txn.addUsage(attr.usedSpaceBytes(), 1);
    NewInode made = new NewInode(FileType.DIRECTORY, attr.mode(), 0, 0, null);
    Create.log(txn, Caller.ROOT, Ino.TRASH_ROOT, hour, made, ino, false);
    return ino;
  }
}
