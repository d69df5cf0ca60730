package io.jfs.meta.ops;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.codec.AclCodec;
import org.jspecify.annotations.Nullable;

/** POSIX access control lists: acl(5), metadata spec 6.5 and 6.14. */
public final class Acl {
  /** The access ACL's name as an extended attribute. */
  public static final Name ACCESS = Name.of("system.posix_acl_access");

  /** The default ACL's name as an extended attribute. */
  public static final Name DEFAULT = Name.of("system.posix_acl_default");

  private static final int SPECIAL_BITS = 07000;

  private Acl() {}

  /** The two lists that an inode may have. */
  public enum Kind {
    ACCESS,
    DEFAULT;

    /** The list that an extended attribute's name means; null for any other name. */
    public static @Nullable Kind ofName(Name name) {
      if (name.equals(Acl.ACCESS)) {
        return ACCESS;
      }
      return name.equals(Acl.DEFAULT) ? DEFAULT : null;
    }

    int idIn(Attr attr) {
      return this == ACCESS ? attr.accessAcl() : attr.defaultAcl();
    }
  }

  /**
   * A rule of an inode.
   *
   * @throws FsException ENOENT; ENODATA if it has none; EOPNOTSUPP if the volume keeps none
   */
  public static AclRule get(MetaTxn txn, Ino ino, Kind kind) throws FsException {
    requireEnabled(txn);
    int id = kind.idIn(txn.require(ino));
    AclRule rule = id == 0 ? null : txn.aclRule(id);
    if (rule == null) {
      throw (id == 0 ? Errno.ENODATA : Errno.EIO).exception();
    }
    return rule;
  }

  /**
   * Sets a rule of an inode, and the mode bits that an access rule stands for.
   *
   * @param wanted an empty rule removes
   * @return the attributes afterwards
   * @throws FsException ENOENT; EPERM (neither owner nor root, flags); EACCES for a default rule on
   *     anything but a directory; EOPNOTSUPP if the volume keeps none
   */
  public static Attr set(MetaTxn txn, Caller caller, Ino ino, Kind kind, AclRule wanted)
      throws FsException {
    requireEnabled(txn);
    Attr attr = txn.require(ino);
    if (!caller.isRoot() && caller.uid() != attr.uid()) {
      throw Errno.EPERM.exception();
    }
    Permissions.requireUnprotected(attr);
    if (kind == Kind.DEFAULT && !attr.isDirectory()) {
      throw Errno.EACCES.exception();
    }
    Attr changed =
        kind == Kind.ACCESS
            ? withAccess(txn, caller, attr, wanted)
            : attr.edit().defaultAcl(idOf(txn, filled(wanted, attr.mode()), wanted)).build();
    if (changed.equals(attr)) {
      return attr;
    }
    Attr stamped = changed.edit().ctime(txn.now()).build();
    txn.put(ino, stamped);
    AclRule logged = wanted.isEmpty() ? wanted : filled(wanted, attr.mode());
    int type = kind == Kind.ACCESS ? 1 : 2;
    txn.logChange("SETFACL", null, ino, type, AclCodec.INSTANCE.encode(logged));
    return stamped;
  }

  private static Attr withAccess(MetaTxn txn, Caller caller, Attr attr, AclRule wanted)
      throws FsException {
    int special = attr.mode() & SPECIAL_BITS;
    if (!caller.isRoot() && !caller.inGroup(attr.gid())) {
      special &= ~Attr.SETGID;
    }
    if (wanted.isEmpty()) {
      return attr.edit().accessAcl(0).mode(special | (attr.mode() & 0777)).build();
    }
    AclRule rule = filled(wanted, attr.mode());
    int id = rule.isMinimal() ? 0 : txn.client().acls().idOf(rule);
    return attr.edit().accessAcl(id).mode(special | modeOf(rule)).build();
  }

  private static int idOf(MetaTxn txn, AclRule rule, AclRule wanted) throws FsException {
    return wanted.isEmpty() ? 0 : txn.client().acls().idOf(rule);
  }

  private static void requireEnabled(MetaTxn txn) throws FsException {
    if (!txn.policy().aclEnabled()) {
      throw Errno.EOPNOTSUPP.exception();
    }
  }

  /** What a new inode gets of its directory's default rule. */
  record Inherited(int mode, int accessAcl, int defaultAcl) {}

  /**
   * What a new inode in {@code parent} gets; null if the directory has no default rule, so that the
   * umask decides.
   *
   * @param mode asked for
   */
  static @Nullable Inherited inherit(MetaTxn txn, Attr parent, boolean directory, int mode)
      throws FsException {
    if (!txn.policy().aclEnabled() || parent.defaultAcl() == 0) {
      return null;
    }
    AclRule rule = txn.aclRule(parent.defaultAcl());
    if (rule == null) {
      return null;
    }
    int defaultAcl = directory ? parent.defaultAcl() : 0;
    if (rule.isMinimal()) {
      return new Inherited(mode & (SPECIAL_BITS | modeOf(rule)), 0, defaultAcl);
    }
    AclRule child = masked(rule, mode);
    int accessAcl = txn.client().acls().idOf(child);
    return new Inherited((mode & SPECIAL_BITS) | modeOf(child), accessAcl, defaultAcl);
  }

  private static AclRule masked(AclRule rule, int mode) {
    return new AclRule(
        rule.owner() & (mode >> 6),
        rule.group(),
        rule.mask() & (mode >> 3),
        rule.other() & mode,
        rule.namedUsers(),
        rule.namedGroups());
  }

  /**
   * The id of {@code attr}'s access rule with chmod's three triplets laid into it, and the mode
   * that it then shows.
   */
  static Attr chmod(MetaTxn txn, Attr attr, int mode) throws FsException {
    AclRule rule = attr.accessAcl() == 0 ? null : txn.aclRule(attr.accessAcl());
    if (rule == null) {
      return attr.edit().mode(mode).build();
    }
    boolean minimal = rule.isMinimal();
    AclRule changed =
        new AclRule(
            mode >> 6 & 7,
            minimal ? mode >> 3 & 7 : rule.group(),
            minimal ? rule.mask() : mode >> 3 & 7,
            mode & 7,
            rule.namedUsers(),
            rule.namedGroups());
    int id = changed.equals(rule) ? attr.accessAcl() : txn.client().acls().idOf(changed);
    return attr.edit().accessAcl(id).mode((mode & SPECIAL_BITS) | modeOf(changed)).build();
  }

  /** The rule with what it does not say taken from mode bits. */
  private static AclRule filled(AclRule rule, int mode) {
    return new AclRule(
        orElse(rule.owner(), mode >> 6 & 7),
        orElse(rule.group(), mode >> 3 & 7),
        rule.mask(),
        orElse(rule.other(), mode & 7),
        rule.namedUsers(),
        rule.namedGroups());
  }

  private static int orElse(int perm, int other) {
    return perm == AclRule.UNDEFINED ? other : perm;
  }

  /** The nine mode bits that a rule shows as: its group bits are the mask if it has one. */
  static int modeOf(AclRule rule) {
    int group = orElse(rule.mask(), rule.group());
    return rule.owner() << 6 | group << 3 | rule.other();
  }
}
