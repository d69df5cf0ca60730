package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where deleted entries go for a while: hourly directories under {@code .trash}. Metadata spec
 * 6.16.
 */
public final class Trash {
  /** The trash root's name in the volume's root; not stored as an entry. */
  public static final Name NAME = Name.of(".trash");

  /** What the trash root shows while nothing is stored for it. */
  public static final Attr ROOT_ATTR =
      new Attr(
          FileType.DIRECTORY,
          0,
          0555,
          0,
          0,
          Timestamp.EPOCH,
          Timestamp.EPOCH,
          Timestamp.EPOCH,
          2,
          Attr.DIRECTORY_LENGTH_BYTES,
          0,
          Ino.ROOT,
          0,
          0,
          0);

  private Trash() {}

  /** Whether a name is the virtual entry {@code .trash} of the volume's root. */
  public static boolean isEntry(Ino parent, Name name) {
    return parent.equals(Ino.ROOT) && name.equals(NAME);
  }

  /**
   * Requires a place where entries may be made: not {@code .trash} and not inside the trash.
   *
   * @throws FsException EPERM
   */
  static void requireOutside(Ino parent, Name name) throws FsException {
    if (parent.isTrash() || isEntry(parent, name)) {
      throw Errno.EPERM.exception();
    }
  }

  /**
   * Requires a place from which the caller may take entries: not {@code .trash}, no hourly trash
   * directory, and what is in one only for root.
   *
   * @throws FsException EPERM
   */
  static void requireRemovable(Caller caller, Ino parent, Name name) throws FsException {
    if (parent.equals(Ino.TRASH_ROOT)
        || (parent.isTrash() && !caller.isRoot())
        || isEntry(parent, name)) {
      throw Errno.EPERM.exception();
    }
  }

  /** The name of a deleted entry in the trash: {@code parent-inode-name}, cut to 255 bytes. */
  public static Name nameOf(Ino parent, Ino ino, Name name) {
    byte[] prefix = (parent + "-" + ino + "-").getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(prefix.length + name.length(), Name.MAX_BYTES);
    byte[] bytes = Arrays.copyOf(prefix, length);
    System.arraycopy(name.bytes(), 0, bytes, prefix.length, length - prefix.length);
    return Name.stored(bytes);
  }

  /** Where a trash name came from; null if it is none. A name that was cut stays cut. */
  public static @Nullable Place originOf(Name trashName) {
    String[] parts =
        new String(trashName.bytes(), StandardCharsets.ISO_8859_1).split("-", 3); // bytes kept
    if (parts.length < 3) {
      return null;
    }
    try {
      Ino parent = new Ino(Long.parseLong(parts[0]));
      return new Place(parent, Name.of(parts[2].getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NumberFormatException | FsException e) {
      return null;
    }
  }

  /**
   * Moves an inode whose entry was just removed from {@code parent} into an hourly trash directory.
   */
  static void bury(MetaTxn txn, Ino trash, Ino parent, Name name, Dentry dentry, Attr attr) {
    txn.put(trash, nameOf(parent, dentry.ino(), name), dentry);
    txn.put(dentry.ino(), Links.moved(txn, dentry.ino(), attr, parent, trash));
    DirectorySums.gained(txn, trash, attr);
  }
}
