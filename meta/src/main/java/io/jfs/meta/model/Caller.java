package io.jfs.meta.model;

import java.util.function.Supplier;

/**
 * On whose behalf an operation runs. Passed in by the front end, never looked up. Supplementary
 * groups are fetched only when a decision needs them, because fetching costs a read of /proc.
 */
public final class Caller {
  /** uid 0, for the file system's own work: everything is permitted. */
  public static final Caller ROOT = new Caller(0, 0, 0, () -> new int[0]);

  private final int uid;
  private final int gid;
  private final int pid;
  private final Supplier<int[]> supplementaryGroups;

  /**
   * A caller; {@code supplementaryGroups} may be asked any number of times, by the operation's
   * thread only.
   */
  public Caller(int uid, int gid, int pid, Supplier<int[]> supplementaryGroups) {
    this.uid = uid;
    this.gid = gid;
    this.pid = pid;
    this.supplementaryGroups = supplementaryGroups;
  }

  /** A caller with the given supplementary groups. */
  public static Caller of(int uid, int gid, int... supplementaryGroups) {
    int[] groups = supplementaryGroups.clone();
    return new Caller(uid, gid, 0, () -> groups);
  }

  /** Effective user id. */
  public int uid() {
    return uid;
  }

  /** Effective group id. */
  public int gid() {
    return gid;
  }

  /** Process id, 0 if the kernel itself asks. */
  public int pid() {
    return pid;
  }

  /** Whether everything is permitted: uid 0. */
  public boolean isRoot() {
    return uid == 0;
  }

  /** Whether the caller belongs to a group, by effective or supplementary membership. */
  public boolean inGroup(int group) {
    if (group == gid) {
      return true;
    }
    for (int g : supplementaryGroups.get()) {
      if (g == group) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "uid:" + uid + ",gid:" + gid + ",pid:" + pid;
  }
}
