package io.jfs.meta.engine.kv;

import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.record.codec.Codec;
import io.jfs.meta.record.codec.PosixLockCodec;
import io.jfs.meta.record.codec.Shapes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lock tables packed into one value. Metadata spec 4.2, rows F and P. */
final class LockTables {
  private static final int OWNER_BYTES = 16;
  private static final int FLOCK_BYTES = OWNER_BYTES + 1;

  private LockTables() {}

  /** BSD locks: {@code sid owner 'R'|'W'}, repeated. */
  static final Codec<Map<LockOwner, Boolean>> FLOCKS =
      new Codec<>() {
        @Override
        public byte[] encode(Map<LockOwner, Boolean> locks) {
          ByteBuffer out = ByteBuffer.allocate(locks.size() * FLOCK_BYTES);
          locks.forEach((owner, exclusive) -> put(out, owner).put((byte) (exclusive ? 'W' : 'R')));
          return out.array();
        }

        @Override
        public Map<LockOwner, Boolean> decode(byte[] stored, Object place) {
          int count = Shapes.wholeRecords(FLOCK_BYTES, stored, place);
          ByteBuffer in = ByteBuffer.wrap(stored);
          Map<LockOwner, Boolean> locks = new LinkedHashMap<>();
          for (int i = 0; i < count; i++) {
            LockOwner owner = owner(in);
            byte type = in.get();
            if (type != 'R' && type != 'W') {
              throw Shapes.corrupt(place, stored, "lock types R or W");
            }
            locks.put(owner, type == 'W');
          }
          return locks;
        }
      };

  /** POSIX locks: {@code sid owner n} and n bytes of lock records, repeated. */
  static final Codec<Map<LockOwner, List<PosixLock>>> PLOCKS =
      new Codec<>() {
        @Override
        public byte[] encode(Map<LockOwner, List<PosixLock>> locks) {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          locks.forEach(
              (owner, records) -> {
                byte[] packed = PosixLockCodec.INSTANCE.encode(records);
                ByteBuffer head = ByteBuffer.allocate(OWNER_BYTES + Integer.BYTES);
                put(head, owner).putInt(packed.length);
                out.writeBytes(head.array());
                out.writeBytes(packed);
              });
          return out.toByteArray();
        }

        @Override
        public Map<LockOwner, List<PosixLock>> decode(byte[] stored, Object place) {
          ByteBuffer in = ByteBuffer.wrap(stored);
          Map<LockOwner, List<PosixLock>> locks = new LinkedHashMap<>();
          while (in.hasRemaining()) {
            if (in.remaining() < OWNER_BYTES + Integer.BYTES) {
              throw Shapes.corrupt(place, stored, "whole lock owners");
            }
            LockOwner owner = owner(in);
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
              throw Shapes.corrupt(place, stored, "as many lock records as it says");
            }
            byte[] packed = new byte[length];
            in.get(packed);
            locks.put(owner, PosixLockCodec.INSTANCE.decode(packed, place));
          }
          return locks;
        }
      };

  private static ByteBuffer put(ByteBuffer out, LockOwner owner) {
    return out.putLong(owner.sid()).putLong(owner.owner());
  }

  private static LockOwner owner(ByteBuffer in) {
    return new LockOwner(in.getLong(), in.getLong());
  }
}
