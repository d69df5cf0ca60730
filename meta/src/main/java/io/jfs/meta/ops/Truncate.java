package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Records;
import java.util.List;

/**
 * Changing a file's length: truncate(2), metadata spec 6.3.
 *
 * <p>What lies between the old and the new length is covered with zeros in either direction, so
 * that no old byte shows up when the file grows again. Slices that are hidden by that are freed by
 * compaction or with the file, not here.
 */
public final class Truncate {
  /** Who asks, which decides whether permission is asked again. */
  public enum Access {
    /** By name: the caller needs write permission, and a deleted file stays as it is. */
    BY_NAME,
    /** Through a handle that was opened for writing. */
    THROUGH_HANDLE
  }

  private Truncate() {}

  /**
   * Sets the length; zeros appear where it grows.
   *
   * @param maxChunks how many chunks this transaction may cover with zeros; if there are more, it
   *     sets a length on the way to {@code lengthBytes}, and has to be called again
   * @return the attributes afterwards
   * @throws FsException ENOENT; EPERM if not a regular file, protected, or in the trash; EACCES;
   *     EFBIG; EDQUOT, ENOSPC
   */
  public static Attr truncate(
      MetaTxn txn, Caller caller, Ino ino, long lengthBytes, Access access, int maxChunks)
      throws FsException {
    Files.requireRange(lengthBytes, 0);
    Attr attr = Files.require(txn, ino, Errno.EPERM);
    Permissions.requireUnprotected(attr);
    if (access == Access.BY_NAME) {
      if (Files.isInTrash(attr)) {
        throw Errno.EPERM.exception();
      }
      Permissions.require(txn, caller, attr, Permissions.WRITE);
    }
    if (lengthBytes == attr.lengthBytes()) {
      return attr;
    }
    long reached = reach(txn, ino, attr.lengthBytes(), lengthBytes, maxChunks);
    Files.requireRoom(txn, ino, attr, reached);
    cover(txn, ino, Math.min(reached, attr.lengthBytes()), Math.max(reached, attr.lengthBytes()));
    Attr changed = attr.edit().lengthBytes(reached).changed(txn.now()).build();
    txn.put(ino, changed);
    Files.account(txn, ino, attr, changed);
    txn.logChange("TRUNCATE", null, ino, attr.lengthBytes(), reached, 0);
    return changed;
  }

  /** The length nearest to {@code to} on the way from {@code from} that the limit allows. */
  private static long reach(MetaTxn txn, Ino ino, long from, long to, int maxChunks) {
    int first = Files.chunkOf(Math.min(from, to));
    int last = Files.chunkOf(Math.max(from, to));
    List<Integer> between = txn.records().chunkIndexes(Records.CHUNK, ino, first + 1, last);
    if (between.size() <= maxChunks) {
      return to;
    }
    int step = to < from ? between.size() - maxChunks : maxChunks;
    return Files.startOf(between.get(step));
  }

  private static void cover(MetaTxn txn, Ino ino, long left, long right) {
    int first = Files.chunkOf(left);
    int last = Files.chunkOf(right);
    int pos = Files.posOf(left);
    append(txn, ino, first, pos, (int) Math.min(right - left, Slice.CHUNK_BYTES - pos));
    for (int index : txn.records().chunkIndexes(Records.CHUNK, ino, first + 1, last)) {
      append(txn, ino, index, 0, Slice.CHUNK_BYTES);
    }
    if (last > first && Files.posOf(right) > 0) {
      append(txn, ino, last, 0, Files.posOf(right));
    }
  }

  private static void append(MetaTxn txn, Ino ino, int index, int pos, int len) {
    txn.records().append(Records.CHUNK, new ChunkKey(ino, index), List.of(Slice.hole(pos, len)));
  }
}
