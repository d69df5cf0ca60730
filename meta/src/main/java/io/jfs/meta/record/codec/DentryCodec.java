package io.jfs.meta.record.codec;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import java.nio.ByteBuffer;

/** Directory entries: type and inode, 9 bytes. Metadata spec 1.2. */
public final class DentryCodec implements Codec<Dentry> {
  /** The only instance. */
  public static final DentryCodec INSTANCE = new DentryCodec();

  private static final int BYTES = 9;

  private DentryCodec() {}

  @Override
  public byte[] encode(Dentry dentry) {
    byte[] stored = new byte[BYTES];
    ByteBuffer.wrap(stored).put((byte) dentry.type().code()).putLong(dentry.ino().value());
    return stored;
  }

  @Override
  public Dentry decode(byte[] stored, Object place) {
    ByteBuffer in = Shapes.exactly(BYTES, stored, place);
    int code = in.get();
    if (code < 1 || code > 7) {
      throw Shapes.corrupt(place, stored, "a file type of 1 to 7");
    }
    return new Dentry(FileType.ofCode(code), new Ino(in.getLong()));
  }
}
