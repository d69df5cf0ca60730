package io.jfs.meta.record.codec;

import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.PosixLock;
import java.nio.ByteBuffer;
import java.util.List;

/** POSIX locks of one owner, 24 bytes each, sorted by start. Metadata spec 1.6. */
public final class PosixLockCodec {
  /** The only instance. */
  public static final Codec<List<PosixLock>> INSTANCE =
      new ConcatenationCodec<>(24, PosixLockCodec::write, PosixLockCodec::read);

  private PosixLockCodec() {}

  private static void write(PosixLock lock, ByteBuffer out) {
    out.putInt(lock.exclusive() ? 1 : 0).putInt(lock.pid());
    out.putLong(lock.start()).putLong(lock.end());
  }

  private static PosixLock read(ByteBuffer in, Object place) {
    int type = in.getInt();
    if (type != 0 && type != 1) {
      throw new CorruptRecordException(
          "corrupt value of " + place + ": lock type " + type + ", expected 0 or 1");
    }
    return new PosixLock(type == 1, in.getInt(), in.getLong(), in.getLong());
  }
}
