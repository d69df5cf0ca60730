package io.jfs.meta.ops;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.SliceId;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from a committed operation outside its transaction: collected by the attempt,
 * carried out once, after the commit. A crash in between loses at most statistics, which can be
 * recounted, and garbage collection, which is picked up later.
 *
 * <p>Who counts what, so that every count can be recounted from the records: a directory's stat is
 * the sum over its entries (hourly trash directories too). A directory's quota counts the entries
 * below it, so it shrinks when one moves to the trash and does not see files without a link. A
 * user's or group's usage counts inodes once, wherever they are, from creation until their final
 * removal: trash and unlinked open files included.
 */
public final class Effects {
  /**
   * A directory's direct children changed.
   *
   * @param directory whose
   * @param lengthBytes change of the sum of lengths
   * @param spaceBytes change of the sum of used space
   * @param inodes change of their number
   */
  public record DirStatChange(Ino directory, long lengthBytes, long spaceBytes, long inodes) {}

  /**
   * Usage that quotas count changed: of the directory and all above it, of a user, of a group.
   *
   * @param directory the directory that contains what changed; {@link Ino#NONE} when only user and
   *     group change
   * @param uid owner, or -1 when only the directories change
   * @param gid group, or -1 when only the directories change
   * @param spaceBytes change of used space
   * @param inodes change of their number
   */
  public record UsageChange(Ino directory, int uid, int gid, long spaceBytes, long inodes) {}

  /**
   * A file lost its last link and is not open here: its data can go now.
   *
   * @param ino the file
   * @param lengthBytes its length
   */
  public record DeletedFile(Ino ino, long lengthBytes) {}

  private final List<DirStatChange> dirStats = new ArrayList<>();
  private final List<UsageChange> usages = new ArrayList<>();
  private final List<DeletedFile> deletedFiles = new ArrayList<>();
  private final List<SliceId> freedSlices = new ArrayList<>();

  /** Notes a change of a directory's direct children. */
  public void dirStat(Ino directory, long lengthBytes, long spaceBytes, long inodes) {
    if (lengthBytes != 0 || spaceBytes != 0 || inodes != 0) {
      dirStats.add(new DirStatChange(directory, lengthBytes, spaceBytes, inodes));
    }
  }

  /** Notes a change of quota usage. */
  public void usage(Ino directory, int uid, int gid, long spaceBytes, long inodes) {
    if (spaceBytes != 0 || inodes != 0) {
      usages.add(new UsageChange(directory, uid, gid, spaceBytes, inodes));
    }
  }

  /** Notes a file whose data can be removed. */
  public void deletedFile(Ino ino, long lengthBytes) {
    deletedFiles.add(new DeletedFile(ino, lengthBytes));
  }

  /** Notes a slice without any reference left. */
  public void freedSlice(SliceId slice) {
    freedSlices.add(slice);
  }

  /** In the order noted. */
  public List<DirStatChange> dirStats() {
    return dirStats;
  }

  /** In the order noted. */
  public List<UsageChange> usages() {
    return usages;
  }

  /** In the order noted. */
  public List<DeletedFile> deletedFiles() {
    return deletedFiles;
  }

  /** In the order noted. */
  public List<SliceId> freedSlices() {
    return freedSlices;
  }
}
