package io.jfs.fuse.device;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Page-aligned memory outside the heap with one owner, who closes it. Pages are backed only when
 * touched (a direct ByteBuffer of the JDK would be zeroed, and so resident, from the start), and
 * they go back to the system at once.
 */
public final class NativeMemory implements AutoCloseable {
  private final long address;
  private final ByteBuffer buffer;

  private NativeMemory(long address, int lengthBytes) {
    this.address = address;
    this.buffer =
        MemoryIO.getInstance()
            .newDirectByteBuffer(address, lengthBytes)
            .order(ByteOrder.nativeOrder());
  }

  /** Maps {@code lengthBytes}. */
  public static NativeMemory allocate(int lengthBytes) {
    long address = LibC.mapAnonymous(lengthBytes);
    if (address < 0 && address > -4096) {
      throw new OutOfMemoryError("mmap of " + lengthBytes + " bytes");
    }
    return new NativeMemory(address, lengthBytes);
  }

  /** The bytes, in native order; position 0, limit at the end. Not to be used after close. */
  public ByteBuffer buffer() {
    return buffer;
  }

  /** Length in bytes. */
  public int lengthBytes() {
    return buffer.capacity();
  }

  long address() {
    return address;
  }

  @Override
  public void close() {
    int unused = LibC.unmap(address, lengthBytes());
  }
}
