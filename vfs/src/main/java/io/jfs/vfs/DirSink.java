package io.jfs.vfs;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import org.jspecify.annotations.Nullable;

/** Takes directory entries one by one until its buffer is full. */
public interface DirSink {
  /**
   * Offers one entry.
   *
   * @param name raw bytes; "." and ".." included
   * @param nextOffset the cookie from which a later readdir goes on behind this entry
   * @param attr the attributes when the listing was asked for with attributes and they are known;
   *     null otherwise
   * @return false if it did not fit: it was not taken, and no further entry may be offered
   */
  boolean add(byte[] name, Ino ino, FileType type, long nextOffset, @Nullable Attr attr);

  /** How many bytes the answer may have, for the operation log; 0 if not known. */
  default int sizeBytes() {
    return 0;
  }
}
