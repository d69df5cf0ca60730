package io.jfs.fuse.jnr;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import jnr.ffi.Pointer;

/** libfuse's memory as a direct buffer, borrowed for the length of a callback. */
final class NativeBytes {
  private NativeBytes() {}

  static ByteBuffer at(Pointer memory, long lengthBytes) {
    return MemoryIO.getInstance().newDirectByteBuffer(memory.address(), (int) lengthBytes);
  }
}
