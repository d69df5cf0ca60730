package io.jfs.meta.admin;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.RecordTxn;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What puts damage of the tree right. Each looks again whether things are as they were found; those
 * that cannot see all they depend on are undone by nobody, because the check runs again afterwards.
 */
final class TreeRemedies {
  /** Where inodes go that have no entry any more. */
  static final Name LOST_AND_FOUND = Name.of("lost+found");

  private static final int FILE_MODE = 0666;
  private static final int SYMLINK_MODE = 0777;

  private final int directoryMode;
  private final Timestamp now;

  /** Attributes that are made anew get this mode (directories; files without x) and time. */
  TreeRemedies(int directoryMode, Timestamp now) {
    this.directoryMode = directoryMode;
    this.now = now;
  }

  /** Sets the number of links. */
  Remedy nlink(Ino ino, int said, long actual) {
    return records -> {
      Attr attr = records.get(Records.ATTR, ino);
      if (attr == null || attr.nlink() != said) {
        return false;
      }
      records.put(Records.ATTR, ino, attr.edit().nlink(Math.toIntExact(actual)).build());
      return true;
    };
  }

  /** Makes an inode name the directory that it is in. */
  Remedy parent(Ino ino, Ino said, Ino actual, Name name) {
    return records -> {
      Attr attr = records.get(Records.ATTR, ino);
      Dentry dentry = records.get(Records.DENTRY, actual, name);
      if (attr == null
          || !attr.parent().equals(said)
          || dentry == null
          || !dentry.ino().equals(ino)) {
        return false;
      }
      records.put(Records.ATTR, ino, attr.edit().parent(actual).build());
      return true;
    };
  }

  /** Writes the parents of a hard-linked inode anew. */
  Remedy parentTable(Ino ino, Map<Ino, Long> actual) {
    return records -> {
      Attr attr = records.get(Records.ATTR, ino);
      if (attr == null || !attr.parent().equals(Ino.NONE)) {
        return false;
      }
      records.clear(Records.PARENT, ino);
      actual.forEach((parent, links) -> records.put(Records.PARENT, ino, parent, links));
      records.put(Records.ATTR, ino, attr); // So that a link or unlink at the same time conflicts.
      return true;
    };
  }

  /** Makes an entry say the type that its inode has. */
  Remedy type(Ino directory, Name name, Ino ino) {
    return records -> {
      Attr attr = records.get(Records.ATTR, ino);
      Dentry dentry = records.get(Records.DENTRY, directory, name);
      if (attr == null
          || dentry == null
          || !dentry.ino().equals(ino)
          || attr.type() == dentry.type()) {
        return false;
      }
      records.put(Records.DENTRY, directory, name, new Dentry(attr.type(), ino));
      return true;
    };
  }

  /**
   * An entry leads to nothing: if a directory's entries or a file's slices are there, the
   * attributes are made anew; otherwise the entry goes.
   */
  Remedy dangling(Ino directory, Name name, Dentry found, int links) {
    return records -> {
      if (!found.equals(records.get(Records.DENTRY, directory, name))
          || records.get(Records.ATTR, found.ino()) != null) {
        return false;
      }
      boolean hasContent =
          switch (found.type()) {
            case DIRECTORY -> !records.isEmpty(Records.DENTRY, found.ino());
            case REGULAR -> lengthBytes(records, found.ino()) > 0;
            case SYMLINK -> records.get(Records.SYMLINK, found.ino()) != null;
            default -> false;
          };
      if (hasContent) {
        rebuild(records, directory, found, links);
      } else {
        records.remove(Records.DENTRY, directory, name);
      }
      return true;
    };
  }

  /** Attributes cannot be read: they are made anew from what is known of the inode. */
  Remedy rebuilt(Ino directory, Name name, Dentry found, int links) {
    return records -> {
      if (!found.equals(records.get(Records.DENTRY, directory, name))) {
        return false;
      }
      rebuild(records, directory, found, links);
      return true;
    };
  }

  private void rebuild(RecordTxn records, Ino directory, Dentry dentry, int links) {
    Ino ino = dentry.ino();
    FileType type = dentry.type();
    byte[] target = type == FileType.SYMLINK ? records.get(Records.SYMLINK, ino) : null;
    long length =
        switch (type) {
          case DIRECTORY -> Attr.DIRECTORY_LENGTH_BYTES;
          case REGULAR -> lengthBytes(records, ino);
          default -> target == null ? 0 : target.length;
        };
    int mode =
        type == FileType.DIRECTORY
            ? directoryMode
            : type == FileType.SYMLINK ? SYMLINK_MODE : directoryMode & FILE_MODE;
    int nlink = type == FileType.DIRECTORY ? 2 + subdirectories(records, ino) : links;
    Ino parent = links > 1 && type != FileType.DIRECTORY ? Ino.NONE : directory;
    records.put(
        Records.ATTR,
        ino,
        new Attr(type, 0, mode, 0, 0, now, now, now, nlink, length, 0, parent, 0, 0, 0));
  }

  private static int subdirectories(RecordTxn records, Ino directory) {
    return (int)
        records.rows(Records.DENTRY, directory).values().stream()
            .filter(child -> child.type() == FileType.DIRECTORY)
            .count();
  }

  /** A file's length as far as its slices tell: a hole at its end is not seen. */
  private static long lengthBytes(RecordTxn records, Ino ino) {
    List<Integer> chunks = records.chunkIndexes(Records.CHUNK, ino, 0, Integer.MAX_VALUE);
    if (chunks.isEmpty()) {
      return 0;
    }
    int last = chunks.get(chunks.size() - 1);
    int end = 0;
    for (Slice slice : records.read(Records.CHUNK, new ChunkKey(ino, last))) {
      end = Math.max(end, slice.pos() + slice.len());
    }
    return (long) last * Slice.CHUNK_BYTES + end;
  }

  /** Sets a directory's sums. */
  Remedy sums(Ino directory, long[] said, long[] actual) {
    return records -> {
      long[] stored = records.get(Records.DIR_STAT, directory);
      if (stored == null || !Arrays.equals(stored, said)) {
        return false;
      }
      records.set(Records.DIR_STAT, directory, actual);
      return true;
    };
  }

  /** Sets one of the volume's counters. */
  Remedy total(Counter<Volume> counter, long said, long actual) {
    return records -> {
      long[] stored = records.get(counter, Volume.KEY);
      if ((stored == null ? 0 : stored[0]) != said) {
        return false;
      }
      records.set(counter, Volume.KEY, actual);
      return true;
    };
  }

  /** Removes what belongs to an inode that is not there. */
  Remedy leftover(Ino ino) {
    return records -> {
      if (records.get(Records.ATTR, ino) != null) {
        return false;
      }
      records.clear(Records.XATTR, ino);
      records.clear(Records.PARENT, ino);
      records.delete(Records.DIR_STAT, ino);
      return true;
    };
  }

  /** Unlinked, but not gone: it goes. Only its data is left, for the jobs. */
  Remedy unlinked(Ino ino) {
    return records -> {
      Attr attr = records.get(Records.ATTR, ino);
      if (attr == null || attr.nlink() != 0 || attr.isDirectory()) {
        return false;
      }
      delete(records, ino, attr);
      return true;
    };
  }

  static void delete(RecordTxn records, Ino ino, Attr attr) {
    records.delete(Records.ATTR, ino);
    records.delete(Records.SYMLINK, ino);
    records.clear(Records.XATTR, ino);
    records.clear(Records.PARENT, ino);
    if (attr.isRegular()) {
      long now = InstantSource.system().instant().getEpochSecond();
      records.put(Records.DELETED_FILE, Volume.KEY, new DeletedFile(ino, attr.lengthBytes()), now);
    }
    records.add(Records.USED_SPACE, Volume.KEY, -attr.usedSpaceBytes());
    records.add(Records.USED_INODES, Volume.KEY, -1);
  }

  /** Gives an inode without an entry a name in {@code /lost+found}, which is there. */
  Remedy adopted(Ino ino) {
    return records -> {
      Dentry lostAndFound = records.get(Records.DENTRY, Ino.ROOT, LOST_AND_FOUND);
      Attr attr = records.get(Records.ATTR, ino);
      if (lostAndFound == null || attr == null) {
        return false;
      }
      Ino home = lostAndFound.ino();
      Attr parent = records.get(Records.ATTR, home);
      Name name = Name.of("#" + ino);
      if (parent == null || records.get(Records.DENTRY, home, name) != null) {
        return false;
      }
      records.put(Records.DENTRY, home, name, new Dentry(attr.type(), ino));
      Attr.Editor child = attr.edit().parent(home);
      if (attr.isDirectory()) {
        records.put(Records.ATTR, home, parent.edit().nlink(parent.nlink() + 1).build());
      } else {
        child = child.nlink(1);
      }
      records.put(Records.ATTR, ino, child.build());
      records.clear(Records.PARENT, ino);
      return true;
    };
  }
}
