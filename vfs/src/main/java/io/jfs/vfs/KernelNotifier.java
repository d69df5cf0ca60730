package io.jfs.vfs;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;

/**
 * Tells the kernel what it must forget. Calls return at once; they are carried out by a thread of
 * their own, because notifying from a thread that serves a request on the same inode deadlocks with
 * the kernel's locks.
 */
public interface KernelNotifier {
  /** A notifier for front ends that have no cache to invalidate. */
  KernelNotifier NONE =
      new KernelNotifier() {
        @Override
        public void invalidateData(Ino ino, long offset, long lengthBytes) {}

        @Override
        public void invalidateEntry(Ino parent, Name name) {}
      };

  /**
   * Drops cached attributes and pages of [offset, offset + lengthBytes); lengthBytes 0: to the end;
   * offset -1: attributes only.
   */
  void invalidateData(Ino ino, long offset, long lengthBytes);

  /** Drops a cached name. */
  void invalidateEntry(Ino parent, Name name);
}
