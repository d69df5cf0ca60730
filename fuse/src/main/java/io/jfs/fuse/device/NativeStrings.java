package io.jfs.fuse.device;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** C strings and pointer arrays for the length of one call. */
final class NativeStrings implements AutoCloseable {
  /** The charset in which the JVM itself turns paths into bytes. */
  private static final Charset PATHS =
      Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

  private final List<Long> allocated = new ArrayList<>();

  /** A NUL-terminated copy; its address. */
  long add(String text) {
    byte[] bytes = text.getBytes(PATHS);
    long address = allocate(bytes.length + 1L);
    MemoryIO.getInstance().putZeroTerminatedByteArray(address, bytes, 0, bytes.length);
    return address;
  }

  /** A NULL-terminated array of pointers to copies; its address. */
  long addArray(List<String> texts) {
    long array = allocate((texts.size() + 1) * 8L);
    long at = array;
    for (String text : texts) {
      MemoryIO.getInstance().putLong(at, add(text));
      at += 8;
    }
    return array;
  }

  /** Zeroed memory; its address. */
  long allocate(long lengthBytes) {
    long address = MemoryIO.getInstance().allocateMemory(lengthBytes, true);
    if (address == 0) {
      throw new OutOfMemoryError("native memory");
    }
    allocated.add(address);
    return address;
  }

  @Override
  public void close() {
    allocated.forEach(MemoryIO.getInstance()::freeMemory);
  }
}
