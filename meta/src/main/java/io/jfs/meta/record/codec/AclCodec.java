package io.jfs.meta.record.codec;

import io.jfs.meta.model.AclRule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** ACL rules; the mask comes before "other". Metadata spec 1.5. */
public final class AclCodec implements Codec<AclRule> {
  /** The only instance. */
  public static final AclCodec INSTANCE = new AclCodec();

  private static final int NAMED_BYTES = 6;
  private static final int HEAD_BYTES = 8;
  private static final int COUNT_BYTES = 4;

  private AclCodec() {}

  @Override
  public byte[] encode(AclRule rule) {
    int named = rule.namedUsers().size() + rule.namedGroups().size();
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + 2 * COUNT_BYTES + named * NAMED_BYTES);
    out.putShort((short) rule.owner()).putShort((short) rule.group());
    out.putShort((short) rule.mask()).putShort((short) rule.other());
    put(out, rule.namedUsers());
    put(out, rule.namedGroups());
    return out.array();
  }

  private static void put(ByteBuffer out, List<AclRule.Named> entries) {
    out.putInt(entries.size());
    entries.forEach(entry -> out.putInt(entry.id()).putShort((short) entry.perm()));
  }

  @Override
  public AclRule decode(byte[] stored, Object place) {
    if (stored.length < HEAD_BYTES + 2 * COUNT_BYTES) {
      throw Shapes.corrupt(place, stored, "an ACL rule of at least 16 bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(stored);
    int owner = in.getShort() & 0xFFFF;
    int group = in.getShort() & 0xFFFF;
    int mask = in.getShort() & 0xFFFF;
    int other = in.getShort() & 0xFFFF;
    List<AclRule.Named> users = named(in, stored, place);
    List<AclRule.Named> groups = named(in, stored, place);
    if (in.hasRemaining()) {
      throw Shapes.corrupt(place, stored, "no bytes behind an ACL rule");
    }
    return new AclRule(owner, group, mask, other, users, groups);
  }

  private static List<AclRule.Named> named(ByteBuffer in, byte[] stored, Object place) {
    long count = in.remaining() < COUNT_BYTES ? Long.MAX_VALUE : in.getInt() & 0xFFFFFFFFL;
    if (count > in.remaining() / NAMED_BYTES) {
      throw Shapes.corrupt(place, stored, "as many named ACL entries as it says");
    }
    List<AclRule.Named> entries = new ArrayList<>((int) count);
    for (long i = 0; i < count; i++) {
      entries.add(new AclRule.Named(in.getInt(), in.getShort() & 0xFFFF));
    }
    return entries;
  }
}
