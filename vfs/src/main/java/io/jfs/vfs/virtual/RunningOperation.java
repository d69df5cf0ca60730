package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import io.jfs.vfs.Request;
import org.jspecify.annotations.Nullable;

/** What one thread is doing now; one object per thread, used again for each operation. */
final class RunningOperation {
  private @Nullable Operation operation;
  private @Nullable Request request;

  void begin(Operation what, Request onBehalf) {
    request = onBehalf;
    operation = what;
  }

  void end() {
    operation = null;
    request = null;
  }

  Operation operation() {
    return required(operation);
  }

  Caller caller() {
    return required(request).caller();
  }

  long arrivedNanos() {
    return required(request).arrivedNanos();
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("no operation runs on this thread");
    }
    return value;
  }
}
