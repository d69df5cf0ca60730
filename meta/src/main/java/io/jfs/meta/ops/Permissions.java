package io.jfs.meta.ops;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;

/**
 * Who may do what: mode bits, ACL rules, the sticky bit, inode flags. access(2), acl(5); metadata
 * spec 6.0.
 */
public final class Permissions {
  /** Read. */
  public static final int READ = 4;

  /** Write. */
  public static final int WRITE = 2;

  /** Execute, or search a directory. */
  public static final int EXECUTE = 1;

  private Permissions() {}

  /**
   * Requires all bits of {@code mask}.
   *
   * @throws FsException EACCES
   */
  public static void require(MetaTxn txn, Caller caller, Attr attr, int mask) throws FsException {
    if (txn.policy().checkPermissions() && !isGranted(txn, caller, attr, mask)) {
      throw Errno.EACCES.exception();
    }
  }

  /** Whether all bits of {@code mask} are granted, whatever the policy says about checking. */
  public static boolean isGranted(MetaTxn txn, Caller caller, Attr attr, int mask) {
    if (caller.isRoot()) {
      boolean executable = attr.isDirectory() || (attr.mode() & 0111) != 0;
      return (mask & EXECUTE) == 0 || executable;
    }
    if (attr.accessAcl() != 0 && (attr.mode() & 0070) != 0) {
      AclRule rule = txn.aclRule(attr.accessAcl());
      if (rule != null) {
        return isGrantedByRule(caller, attr, rule, mask);
      }
    }
    return (modeBits(caller, attr) & mask) == mask;
  }

  private static int modeBits(Caller caller, Attr attr) {
    if (caller.uid() == attr.uid()) {
      return attr.mode() >> 6 & 7;
    }
    return caller.inGroup(attr.gid()) ? attr.mode() >> 3 & 7 : attr.mode() & 7;
  }

  private static boolean isGrantedByRule(Caller caller, Attr attr, AclRule rule, int mask) {
    if (caller.uid() == attr.uid()) {
      return covers(rule.owner(), mask);
    }
    for (AclRule.Named user : rule.namedUsers()) {
      if (user.id() == caller.uid()) {
        return covers(user.perm() & rule.mask(), mask);
      }
    }
    boolean inSomeGroup = false;
    if (caller.inGroup(attr.gid())) {
      inSomeGroup = true;
      if (covers(rule.group() & rule.mask(), mask)) {
        return true;
      }
    }
    for (AclRule.Named group : rule.namedGroups()) {
      if (caller.inGroup(group.id())) {
        inSomeGroup = true;
        if (covers(group.perm() & rule.mask(), mask)) {
          return true;
        }
      }
    }
    return !inSomeGroup && covers(rule.other(), mask);
  }

  private static boolean covers(int granted, int mask) {
    return (granted & mask) == mask;
  }

  /**
   * The sticky bit: in such a directory only the owner of the entry, of the directory, or root
   * removes an entry.
   *
   * @throws FsException EACCES, as the reference answers
   */
  public static void requireNotSticky(Caller caller, Attr directory, Attr entry)
      throws FsException {
    boolean sticky = (directory.mode() & Attr.STICKY) != 0;
    if (sticky
        && !caller.isRoot()
        && caller.uid() != directory.uid()
        && caller.uid() != entry.uid()) {
      throw Errno.EACCES.exception();
    }
  }

  /**
   * Neither immutable nor append-only: needed to remove, rename or truncate.
   *
   * @throws FsException EPERM
   */
  public static void requireUnprotected(Attr attr) throws FsException {
    if (attr.isImmutable() || attr.isAppendOnly()) {
      throw Errno.EPERM.exception();
    }
  }

  /**
   * Not immutable: needed for every change.
   *
   * @throws FsException EPERM
   */
  public static void requireMutable(Attr attr) throws FsException {
    if (attr.isImmutable()) {
      throw Errno.EPERM.exception();
    }
  }
}
