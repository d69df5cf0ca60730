package io.jfs.vfs.virtual;

import io.jfs.vfs.ReadData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/** A virtual file's bytes in a direct buffer, as front ends want them. Keeps a few buffers. */
final class DirectBytes implements ReadData {
  /** A read of a virtual file answers at most so much. */
  static final int MAX_BYTES = 1 << 17;

  private static final Queue<ByteBuffer> KEPT = new ArrayBlockingQueue<>(4);

  private final ByteBuffer buffer;
  private final List<ByteBuffer> buffers;
  private final int lengthBytes;

  private DirectBytes(ByteBuffer buffer, int lengthBytes) {
    this.buffer = buffer;
    this.lengthBytes = lengthBytes;
    this.buffers = lengthBytes == 0 ? List.of() : List.of(buffer.slice(0, lengthBytes));
  }

  static ReadData of(byte[] bytes) {
    ByteBuffer kept = KEPT.poll();
    ByteBuffer buffer = kept == null ? ByteBuffer.allocateDirect(MAX_BYTES) : kept;
    buffer.clear().put(bytes);
    return new DirectBytes(buffer, bytes.length);
  }

  @Override
  public List<ByteBuffer> buffers() {
    return buffers;
  }

  @Override
  public int lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void close() {
    boolean unused = KEPT.offer(buffer);
  }
}
