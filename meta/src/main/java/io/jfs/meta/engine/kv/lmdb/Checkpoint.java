package io.jfs.meta.engine.kv.lmdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that is whole on the disk, and how the database is used since.
 *
 * @param sequence grows by one with each
 * @param state what may have happened to the data file since
 * @param machine which keeps what was written since
 * @param mark what the data file is marked with once this is durable
 * @param previousMark what it is marked with before
 * @param meta names the snapshot; zeros for DIRECT
 */
record Checkpoint(
    long sequence, State state, Machine machine, long mark, long previousMark, byte[] meta) {
  /** Bytes of an encoded checkpoint. */
  static final int BYTES = 224;

  private static final long MAGIC = 0x314B43534A464D4CL;
  private static final int BOOT_ID_BYTES = 40;

  /** How the data file is written from here on. The numbers stand on disk. */
  enum State {
    /** Without flushing, and never over the snapshot. */
    ACTIVE(1),
    /** Not at all: everybody has closed it, and it holds exactly the snapshot. */
    CLOSED(2),
    /** By LMDB's own rules, over anything that is free: the snapshot is good for nothing. */
    DIRECT(3);

    private final int number;

    State(int number) {
      this.number = number;
    }

    private static @Nullable State of(int number) {
      for (State state : values()) {
        if (state.number == number) {
          return state;
        }
      }
      return null;
    }
  }

  long txn() {
    return MetaPages.txnOf(meta);
  }

  Checkpoint next(State newState, Machine newMachine) {
    return new Checkpoint(sequence + 1, newState, newMachine, mark, previousMark, meta);
  }

  /** Whether LMDB's own rules hold for the data file. */
  static boolean isDirect(@Nullable Checkpoint latest) {
    return latest == null || latest.state == State.DIRECT;
  }

  byte[] encode() {
    byte[] bytes = new byte[BYTES];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putLong(sequence).putInt(state.number).putLong(mark).putLong(previousMark);
    out.putLong(machine.device()).put(meta);
    byte[] bootId = machine.bootId().getBytes(StandardCharsets.US_ASCII);
    out.put(bootId, 0, Math.min(bootId.length, BOOT_ID_BYTES));
    out.putInt(BYTES - Integer.BYTES, checksum(bytes));
    return bytes;
  }

  /** Null if these are not the bytes of one. */
  static @Nullable Checkpoint decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getLong() != MAGIC || in.getInt(BYTES - Integer.BYTES) != checksum(bytes)) {
      return null;
    }
    long sequence = in.getLong();
    State state = State.of(in.getInt());
    long mark = in.getLong();
    long previousMark = in.getLong();
    long device = in.getLong();
    byte[] meta = new byte[MetaPages.META_BYTES];
    in.get(meta);
    byte[] bootId = new byte[BOOT_ID_BYTES];
    in.get(bootId);
    Machine machine = new Machine(new String(bootId, StandardCharsets.US_ASCII).trim(), device);
    return state == null
        ? null
        : new Checkpoint(sequence, state, machine, mark, previousMark, meta);
  }

  private static int checksum(byte[] encoded) {
    CRC32C sum = new CRC32C();
    sum.update(encoded, 0, BYTES - Integer.BYTES);
    return (int) sum.getValue();
  }
}
