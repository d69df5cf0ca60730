package io.jfs.meta.engine.kv.lmdb;

import java.util.Arrays;
import java.util.Comparator;
import jnr.ffi.Pointer;
import org.lmdbjava.BufferProxy;

/**
 * Passes {@link NativeBytes} to LMDB without allocating per call and without opening JDK packages.
 * The library's own byte array proxy lets the collector free a key's memory while the call that
 * uses it is still running (lmdbjava issue 252), so it is not used here.
 */
final class NativeBytesProxy extends BufferProxy<NativeBytes> {
  static final NativeBytesProxy INSTANCE = new NativeBytesProxy();

  private NativeBytesProxy() {}

  @Override
  protected NativeBytes allocate() {
    return new NativeBytes();
  }

  @Override
  protected void deallocate(NativeBytes buffer) {
    buffer.close();
  }

  @Override
  protected byte[] getBytes(NativeBytes buffer) {
    return buffer.toBytes();
  }

  @Override
  protected Comparator<NativeBytes> getSignedComparator() {
    return getUnsignedComparator();
  }

  @Override
  protected Comparator<NativeBytes> getUnsignedComparator() {
    return (a, b) -> Arrays.compareUnsigned(a.toBytes(), b.toBytes());
  }

  @Override
  protected void in(NativeBytes buffer, Pointer struct, long structAddress) {
    struct.putLong(STRUCT_FIELD_OFFSET_SIZE, buffer.size());
    struct.putAddress(STRUCT_FIELD_OFFSET_DATA, buffer.address());
  }

  @Override
  protected void in(NativeBytes buffer, int size, Pointer struct, long structAddress) {
    struct.putLong(STRUCT_FIELD_OFFSET_SIZE, size);
    struct.putAddress(STRUCT_FIELD_OFFSET_DATA, buffer.address());
  }

  @Override
  protected NativeBytes out(NativeBytes buffer, Pointer struct, long structAddress) {
    buffer.refer(
        struct.getAddress(STRUCT_FIELD_OFFSET_DATA), struct.getLong(STRUCT_FIELD_OFFSET_SIZE));
    return buffer;
  }
}
