package io.jfs.cache.page;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes memory outside the heap and gives it back at once. The JDK frees a direct buffer only after
 * a collection finds it dead, which on an idle client may be never; so the pool frees by hand what
 * it alone refers to.
 */
final class DirectMemory {
  private static final @Nullable MethodHandle CLEANER = cleaner();

  private DirectMemory() {}

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }

  /** Frees a buffer that {@link #allocate} made and that nobody refers to any more. */
  static void free(ByteBuffer memory) {
    if (CLEANER == null) {
      return; // the collector will find it
    }
    try {
      CLEANER.invoke(memory);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot free direct memory", e);
    }
  }

  private static @Nullable MethodHandle cleaner() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field field = unsafe.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
