package io.jfs.meta.engine.kv.lmdb;

import com.kenai.jffi.MemoryIO;

/**
 * A stretch of native memory as LMDB passes keys and values: either its own, filled before a call,
 * or a place in the map, valid until the transaction ends. Confined to whoever holds the
 * transaction. {@link #close()} frees what it owns.
 */
final class NativeBytes implements AutoCloseable {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private long address;
  private long size;
  private long owned;
  private long capacity;

  /** Fills its own memory. */
  NativeBytes set(byte[] bytes) {
    if (bytes.length > capacity) {
      close();
      capacity = Math.max(512, Integer.highestOneBit(bytes.length) * 2L);
      owned = MEMORY.allocateMemory(capacity, false);
    }
    MEMORY.putByteArray(owned, bytes, 0, bytes.length);
    address = owned;
    size = bytes.length;
    return this;
  }

  /** Refers to a place in the map. */
  void refer(long toAddress, long toSize) {
    address = toAddress;
    size = toSize;
  }

  long address() {
    return address;
  }

  long size() {
    return size;
  }

  /** A copy that outlives the transaction. */
  byte[] toBytes() {
    byte[] bytes = new byte[Math.toIntExact(size)];
    MEMORY.getByteArray(address, bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public void close() {
    if (owned != 0) {
      MEMORY.freeMemory(owned);
      owned = 0;
      capacity = 0;
    }
  }
}
