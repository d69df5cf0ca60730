package io.jfs.meta;

import io.jfs.meta.model.SliceId;
import java.io.IOException;

/**
 * How slices that nobody refers to any more lose their objects. Called from background threads,
 * several at once. A failure leaves the slice for the hourly job.
 */
@FunctionalInterface
public interface SliceReaper {
  /** Has no objects to delete: tools that only look. */
  SliceReaper NONE = slice -> {};

  /** Deletes all objects of a slice; missing ones are a success. */
  void remove(SliceId slice) throws IOException;
}
