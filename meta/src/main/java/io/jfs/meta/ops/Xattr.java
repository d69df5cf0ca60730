package io.jfs.meta.ops;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Ref;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Extended attributes: xattr(7), metadata spec 6.14. The two names of POSIX ACLs are rules, not
 * stored attributes. Beyond the reference, a change moves ctime and is refused on immutable and
 * append-only inodes.
 */
public final class Xattr {
  /** Longest value in bytes. */
  public static final int MAX_VALUE_BYTES = 65536;

  private static final byte[] USER_PREFIX = "user.".getBytes(StandardCharsets.US_ASCII);

  private Xattr() {}

  /** What setxattr(2) requires of the name. */
  public enum SetMode {
    /** Nothing. */
    ANY(0),
    /** It must be new. */
    CREATE(1),
    /** It must be there. */
    REPLACE(2);

    private final int flags;

    SetMode(int flags) {
      this.flags = flags;
    }

    /** As setxattr has them. */
    int flags() {
      return flags;
    }

    /**
     * From setxattr's flags.
     *
     * @throws FsException EINVAL
     */
    public static SetMode ofFlags(int flags) throws FsException {
      return switch (flags) {
        case 0 -> ANY;
        case 1 -> CREATE;
        case 2 -> REPLACE;
        default -> throw Errno.EINVAL.exception();
      };
    }
  }

  /**
   * getxattr(2).
   *
   * @throws FsException ENOENT, ENODATA; EOPNOTSUPP for ACLs on a volume without
   */
  public static byte[] get(MetaTxn txn, Ino ino, Name name) throws FsException {
    Acl.Kind kind = Acl.Kind.ofName(name);
    if (kind != null) {
      return AclXattr.format(Acl.get(txn, ino, kind));
    }
    byte[] value = txn.records().get(Records.XATTR, ino, name);
    if (value == null) {
      throw Errno.ENODATA.exception();
    }
    return value;
  }

  /**
   * listxattr(2).
   *
   * @throws FsException ENOENT
   */
  public static List<Name> list(MetaTxn txn, Ino ino) throws FsException {
    txn.records().prefetch(MetaTxn.attrRef(ino), new Ref.OfRows<>(Records.XATTR, ino));
    Attr attr = Lookup.attr(txn, ino);
    List<Name> names = new ArrayList<>(txn.records().rows(Records.XATTR, ino).keySet());
    if (txn.policy().aclEnabled()) {
      if (attr.accessAcl() != 0) {
        names.add(Acl.ACCESS);
      }
      if (attr.defaultAcl() != 0) {
        names.add(Acl.DEFAULT);
      }
    }
    return names;
  }

  /**
   * setxattr(2).
   *
   * @throws FsException ENOENT; EEXIST, ENODATA (mode); EPERM (flags, trash, user attributes of
   *     what is neither file nor directory); EACCES; ERANGE (value too long); for ACLs as {@link
   *     Acl#set}
   */
  public static void set(MetaTxn txn, Caller caller, Ino ino, Name name, byte[] value, SetMode mode)
      throws FsException {
    if (value.length > MAX_VALUE_BYTES) {
      throw Errno.ERANGE.exception();
    }
    Acl.Kind kind = Acl.Kind.ofName(name);
    if (kind != null) {
      setAcl(txn, caller, ino, kind, AclXattr.parse(value));
      return;
    }
    Attr attr = requireWritable(txn, caller, ino, name);
    if (mode != SetMode.ANY) {
      byte[] old = txn.records().get(Records.XATTR, ino, name);
      boolean ours = txn.maybeApplied() && Arrays.equals(old, value);
      if (mode == SetMode.CREATE && old != null && !ours) {
        throw Errno.EEXIST.exception();
      }
      if (mode == SetMode.REPLACE && old == null) {
        throw Errno.ENODATA.exception();
      }
    }
    txn.records().put(Records.XATTR, ino, name, value);
    txn.put(ino, attr.edit().ctime(txn.now()).build());
    txn.logChange("SETXATTR", null, ino, name, value, mode.flags());
  }

  private static void setAcl(MetaTxn txn, Caller caller, Ino ino, Acl.Kind kind, AclRule rule)
      throws FsException {
    requireOutsideTrash(txn, ino);
    Acl.set(txn, caller, ino, kind, rule);
  }

  /**
   * removexattr(2).
   *
   * @throws FsException ENOENT, ENODATA; else as {@link #set}
   */
  public static void remove(MetaTxn txn, Caller caller, Ino ino, Name name) throws FsException {
    Acl.Kind kind = Acl.Kind.ofName(name);
    if (kind != null) {
      AclRule none =
          new AclRule(
              AclRule.UNDEFINED,
              AclRule.UNDEFINED,
              AclRule.UNDEFINED,
              AclRule.UNDEFINED,
              List.of(),
              List.of());
      setAcl(txn, caller, ino, kind, none);
      return;
    }
    Attr attr = requireWritable(txn, caller, ino, name);
    if (txn.records().get(Records.XATTR, ino, name) == null) {
      if (txn.maybeApplied()) {
        return;
      }
      throw Errno.ENODATA.exception();
    }
    txn.records().remove(Records.XATTR, ino, name);
    txn.put(ino, attr.edit().ctime(txn.now()).build());
    txn.logChange("REMOVEXATTR", null, ino, name);
  }

  private static Attr requireWritable(MetaTxn txn, Caller caller, Ino ino, Name name)
      throws FsException {
    txn.records().prefetch(MetaTxn.attrRef(ino), new Ref.OfField<>(Records.XATTR, ino, name));
    Attr attr = requireOutsideTrash(txn, ino);
    Permissions.requireUnprotected(attr);
    if (isUser(name)) {
      requireUserRights(txn, caller, attr);
    }
    return attr;
  }

  private static Attr requireOutsideTrash(MetaTxn txn, Ino ino) throws FsException {
    Attr attr = txn.require(ino);
    if (ino.isTrash() || attr.parent().isHourlyTrash()) {
      throw Errno.EPERM.exception();
    }
    return attr;
  }

  private static void requireUserRights(MetaTxn txn, Caller caller, Attr attr) throws FsException {
    if (!attr.isRegular() && !attr.isDirectory()) {
      throw Errno.EPERM.exception();
    }
    boolean sticky = attr.isDirectory() && (attr.mode() & Attr.STICKY) != 0;
    if (sticky && !caller.isRoot() && caller.uid() != attr.uid()) {
      throw Errno.EPERM.exception();
    }
    Permissions.require(txn, caller, attr, Permissions.WRITE);
  }

  private static boolean isUser(Name name) {
    return name.length() > USER_PREFIX.length
        && Arrays.equals(name.bytes(), 0, USER_PREFIX.length, USER_PREFIX, 0, USER_PREFIX.length);
  }
}
