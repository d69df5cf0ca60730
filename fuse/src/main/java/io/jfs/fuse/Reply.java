package io.jfs.fuse;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.device.GatherList;
import io.jfs.fuse.device.NativeMemory;
import io.jfs.fuse.proto.OutHeader;
import io.jfs.vfs.ReadData;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory in which one thread builds its replies, one after the other: header and payload, and
 * for READ the list of borrowed pieces behind the header. Never shared between threads.
 */
final class Reply implements AutoCloseable {
  /** Where the payload starts. */
  static final int PAYLOAD = OutHeader.BYTES;

  private static final int CAPACITY_BYTES = PAYLOAD + (128 << 10);

  private final NativeMemory memory = NativeMemory.allocate(CAPACITY_BYTES);
  private final GatherList pieces = new GatherList();

  /** Header and payload; absolute puts only. */
  ByteBuffer buffer() {
    return memory.buffer();
  }

  /** The longest payload that fits. */
  int capacityBytes() {
    return memory.lengthBytes() - PAYLOAD;
  }

  /**
   * Sends header and payload.
   *
   * @param error 0 or a positive errno
   * @return 0, or the device's negative errno
   */
  int send(FuseDevice device, long unique, int error, int payloadBytes) {
    int length = PAYLOAD + payloadBytes;
    OutHeader.put(memory.buffer(), length, -error, unique);
    pieces.clear();
    pieces.add(memory, length);
    return device.write(pieces);
  }

  /** Sends a header and what a read answered, in one gathering write. */
  int send(FuseDevice device, long unique, ReadData data) {
    List<ByteBuffer> buffers = data.buffers();
    NativeMemory copy = null;
    pieces.clear();
    pieces.add(memory, PAYLOAD);
    if (canGather(buffers)) {
      for (ByteBuffer buffer : buffers) {
        if (buffer.hasRemaining()) {
          pieces.add(buffer);
        }
      }
    } else {
      copy = copyOf(buffers, data.lengthBytes());
      pieces.add(copy, data.lengthBytes());
    }
    OutHeader.put(memory.buffer(), (int) pieces.totalBytes(), 0, unique);
    try {
      return device.write(pieces);
    } finally {
      release(copy);
    }
  }

  private static boolean canGather(List<ByteBuffer> buffers) {
    if (buffers.size() >= GatherList.MAX_PIECES) {
      return false;
    }
    for (ByteBuffer buffer : buffers) {
      if (!buffer.isDirect()) {
        return false;
      }
    }
    return true;
  }

  private static NativeMemory copyOf(List<ByteBuffer> buffers, int lengthBytes) {
    NativeMemory copy = NativeMemory.allocate(Math.max(1, lengthBytes));
    ByteBuffer to = copy.buffer().duplicate();
    buffers.forEach(from -> to.put(from.duplicate()));
    return copy;
  }

  private static void release(@Nullable NativeMemory copy) {
    if (copy != null) {
      copy.close();
    }
  }

  @Override
  public void close() {
    pieces.close();
    memory.close();
  }
}
