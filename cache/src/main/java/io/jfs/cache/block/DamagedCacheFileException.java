package io.jfs.cache.block;

import java.io.IOException;

/** A cached file does not hold what it should: it is to be removed. */
final class DamagedCacheFileException extends IOException {
  DamagedCacheFileException(String message) {
    super(message);
  }
}
