package io.jfs.meta.model;

import java.util.List;

/**
 * A POSIX ACL as stored; acl(5). Permissions are 3 bits; {@link #UNDEFINED} where the rule says
 * nothing. Metadata spec 1.5.
 *
 * @param owner ACL_USER_OBJ
 * @param group ACL_GROUP_OBJ
 * @param mask ACL_MASK
 * @param other ACL_OTHER
 * @param namedUsers ACL_USER entries in stored order
 * @param namedGroups ACL_GROUP entries in stored order
 */
public record AclRule(
    int owner, int group, int mask, int other, List<Named> namedUsers, List<Named> namedGroups) {
  /** "This entry is not there." */
  public static final int UNDEFINED = 0xFFFF;

  /** Copies the lists. */
  public AclRule {
    namedUsers = List.copyOf(namedUsers);
    namedGroups = List.copyOf(namedGroups);
  }

  /**
   * A named user or group.
   *
   * @param id uid or gid
   * @param perm 3 bits
   */
  public record Named(int id, int perm) {}

  /** Whether it says no more than mode bits can. */
  public boolean isMinimal() {
    return namedUsers.isEmpty() && namedGroups.isEmpty() && mask == UNDEFINED;
  }

  /** Whether it says nothing at all. */
  public boolean isEmpty() {
    return isMinimal() && owner == UNDEFINED && group == UNDEFINED && other == UNDEFINED;
  }
}
