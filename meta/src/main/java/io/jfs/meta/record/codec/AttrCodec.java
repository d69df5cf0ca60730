package io.jfs.meta.record.codec;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import java.nio.ByteBuffer;

/**
 * Attributes: 72 bytes, 8 more with ACL ids, 1 more with a tier, the last one padding. Shorter old
 * forms are read: without padding, without ACL ids, without parent. Metadata spec 1.1.
 */
public final class AttrCodec implements Codec<Attr> {
  /** The only instance. */
  public static final AttrCodec INSTANCE = new AttrCodec();

  private static final int OLDEST_BYTES = 63;
  private static final int PLAIN_BYTES = 72;
  private static final int ACL_BYTES = 8;

  private AttrCodec() {}

  @Override
  public byte[] encode(Attr attr) {
    boolean hasAcl = attr.accessAcl() != 0 || attr.defaultAcl() != 0;
    boolean hasTier = attr.tier() != 0;
    byte[] stored = new byte[PLAIN_BYTES + (hasAcl ? ACL_BYTES : 0) + (hasTier ? 1 : 0)];
    ByteBuffer out = ByteBuffer.wrap(stored);
    out.put((byte) attr.flags());
    out.putShort((short) ((attr.type().code() << 12) | (attr.mode() & 07777)));
    out.putInt(attr.uid()).putInt(attr.gid());
    put(out, attr.atime());
    put(out, attr.mtime());
    put(out, attr.ctime());
    out.putInt(attr.nlink()).putLong(attr.lengthBytes()).putInt(attr.rdev());
    out.putLong(attr.parent().value());
    if (hasAcl) {
      out.putInt(attr.accessAcl()).putInt(attr.defaultAcl());
    }
    if (hasTier) {
      out.put((byte) attr.tier());
    }
    return stored;
  }

  private static void put(ByteBuffer out, Timestamp time) {
    out.putLong(time.seconds()).putInt(time.nanos());
  }

  @Override
  public Attr decode(byte[] stored, Object place) {
    if (stored.length < OLDEST_BYTES) {
      throw Shapes.corrupt(place, stored, "attributes of at least " + OLDEST_BYTES + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(stored);
    int flags = in.get() & 0xFF;
    int typeAndMode = in.getShort() & 0xFFFF;
    FileType type = type(typeAndMode >> 12, stored, place);
    int uid = in.getInt();
    int gid = in.getInt();
    Timestamp atime = time(in);
    Timestamp mtime = time(in);
    Timestamp ctime = time(in);
    int nlink = in.getInt();
    long lengthBytes = in.getLong();
    int rdev = in.getInt();
    Ino parent = in.remaining() >= 8 ? new Ino(in.getLong()) : Ino.NONE;
    boolean hasAcl = in.remaining() >= ACL_BYTES;
    int accessAcl = hasAcl ? in.getInt() : 0;
    int defaultAcl = hasAcl ? in.getInt() : 0;
    int tier = in.hasRemaining() ? in.get() & 0xFF : 0;
    return new Attr(
        type,
        flags,
        typeAndMode & 07777,
        uid,
        gid,
        atime,
        mtime,
        ctime,
        nlink,
        lengthBytes,
        rdev,
        parent,
        accessAcl,
        defaultAcl,
        tier);
  }

  private static FileType type(int code, byte[] stored, Object place) {
    if (code < 1 || code > 7) {
      throw Shapes.corrupt(place, stored, "a file type of 1 to 7");
    }
    return FileType.ofCode(code);
  }

  private static Timestamp time(ByteBuffer in) {
    return new Timestamp(in.getLong(), in.getInt());
  }
}
