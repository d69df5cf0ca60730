package io.jfs.vfs.virtual;

import io.jfs.vfs.Request;
import java.util.Arrays;

/** A virtual file's content as it was when it was opened. */
record Snapshot(byte[] content) implements VirtualHandle {
  @Override
  public byte[] read(Request request, long offset, int size) {
    int from = (int) Math.min(offset, content.length);
    return Arrays.copyOfRange(content, from, (int) Math.min((long) from + size, content.length));
  }
}
