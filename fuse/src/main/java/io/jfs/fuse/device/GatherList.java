package io.jfs.fuse.device;

import java.nio.ByteBuffer;

/**
 * The pieces of one reply in order, for one gathering write. Belongs to one thread. The pieces are
 * borrowed until the write.
 */
public final class GatherList implements AutoCloseable {
  /** Linux' IOV_MAX. */
  public static final int MAX_PIECES = 1024;

  private static final int IOVEC_BYTES = 16;

  private final NativeMemory iovecs = NativeMemory.allocate(MAX_PIECES * IOVEC_BYTES);
  private int count;
  private long totalBytes;

  /** Forgets all pieces. */
  public void clear() {
    count = 0;
    totalBytes = 0;
  }

  /** Appends the first {@code lengthBytes} of {@code memory}. */
  public void add(NativeMemory memory, int lengthBytes) {
    add(memory.address(), lengthBytes);
  }

  /** Appends what remains in a direct buffer. */
  public void add(ByteBuffer direct) {
    add(LibC.addressOf(direct) + direct.position(), direct.remaining());
  }

  private void add(long address, long lengthBytes) {
    ByteBuffer table = iovecs.buffer();
    table.putLong(count * IOVEC_BYTES, address);
    table.putLong(count * IOVEC_BYTES + 8, lengthBytes);
    count++;
    totalBytes += lengthBytes;
  }

  /** How many pieces. */
  public int count() {
    return count;
  }

  /** Sum of their lengths. */
  public long totalBytes() {
    return totalBytes;
  }

  /** Copies all pieces, in order, behind each other: for devices that are not the kernel's. */
  public byte[] toByteArray() {
    byte[] all = new byte[(int) totalBytes];
    int at = 0;
    for (int i = 0; i < count; i++) {
      int length = (int) pieceBytes(i);
      com.kenai.jffi.MemoryIO.getInstance().getByteArray(pieceAddress(i), all, at, length);
      at += length;
    }
    return all;
  }

  long pieceAddress(int index) {
    return iovecs.buffer().getLong(index * IOVEC_BYTES);
  }

  long pieceBytes(int index) {
    return iovecs.buffer().getLong(index * IOVEC_BYTES + 8);
  }

  long iovecAddress() {
    return iovecs.address();
  }

  @Override
  public void close() {
    iovecs.close();
  }
}
