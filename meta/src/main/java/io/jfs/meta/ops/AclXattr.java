package io.jfs.meta.ops;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The value of {@code system.posix_acl_*} extended attributes: Linux' posix_acl_xattr version 2, a
 * little-endian version word and entries of tag, permissions and id. Metadata spec 6.14.
 */
public final class AclXattr {
  private static final int VERSION = 2;
  private static final int HEADER_BYTES = 4;
  private static final int ENTRY_BYTES = 8;
  private static final int NO_ID = -1;

  private static final int USER_OBJ = 0x01;
  private static final int USER = 0x02;
  private static final int GROUP_OBJ = 0x04;
  private static final int GROUP = 0x08;
  private static final int MASK = 0x10;
  private static final int OTHER = 0x20;

  private AclXattr() {}

  /**
   * Reads a value; one without entries is an empty rule.
   *
   * @throws FsException EINVAL if it is no ACL: length, tags, order, permissions, names without a
   *     mask; EOPNOTSUPP for another version
   */
  public static AclRule parse(byte[] value) throws FsException {
    if (value.length < HEADER_BYTES || (value.length - HEADER_BYTES) % ENTRY_BYTES != 0) {
      throw Errno.EINVAL.exception();
    }
    ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt() != VERSION) {
      throw Errno.EOPNOTSUPP.exception();
    }
    Parser parser = new Parser();
    while (in.hasRemaining()) {
      parser.add(in.getShort() & 0xFFFF, in.getShort() & 0xFFFF, in.getInt());
    }
    return parser.rule();
  }

  /** Writes a value: what the rule says, in the kernel's order. */
  public static byte[] format(AclRule rule) {
    int entries = 6 + rule.namedUsers().size() + rule.namedGroups().size();
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + entries * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(VERSION);
    put(out, USER_OBJ, rule.owner(), NO_ID);
    rule.namedUsers().forEach(named -> put(out, USER, named.perm(), named.id()));
    put(out, GROUP_OBJ, rule.group(), NO_ID);
    rule.namedGroups().forEach(named -> put(out, GROUP, named.perm(), named.id()));
    put(out, MASK, rule.mask(), NO_ID);
    put(out, OTHER, rule.other(), NO_ID);
    byte[] value = new byte[out.position()];
    out.flip().get(value);
    return value;
  }

  private static void put(ByteBuffer out, int tag, int perm, int id) {
    if (perm != AclRule.UNDEFINED) {
      out.putShort((short) tag).putShort((short) perm).putInt(id);
    }
  }

  private static final class Parser {
    private int owner = AclRule.UNDEFINED;
    private int group = AclRule.UNDEFINED;
    private int mask = AclRule.UNDEFINED;
    private int other = AclRule.UNDEFINED;
    private final List<AclRule.Named> users = new ArrayList<>();
    private final List<AclRule.Named> groups = new ArrayList<>();

    void add(int tag, int perm, int id) throws FsException {
      if (perm > 7) {
        throw Errno.EINVAL.exception();
      }
      switch (tag) {
        case USER_OBJ -> owner = once(owner, perm);
        case USER -> users.add(new AclRule.Named(id, perm));
        case GROUP_OBJ -> group = once(group, perm);
        case GROUP -> groups.add(new AclRule.Named(id, perm));
        case MASK -> mask = once(mask, perm);
        case OTHER -> other = once(other, perm);
        default -> throw Errno.EINVAL.exception();
      }
    }

    private static int once(int before, int perm) throws FsException {
      if (before != AclRule.UNDEFINED) {
        throw Errno.EINVAL.exception();
      }
      return perm;
    }

    AclRule rule() throws FsException {
      AclRule rule = new AclRule(owner, group, mask, other, users, groups);
      boolean named = !users.isEmpty() || !groups.isEmpty();
      if (named && mask == AclRule.UNDEFINED) {
        throw Errno.EINVAL.exception();
      }
      return rule;
    }
  }
}
