package io.jfs.cli.progress;

import io.jfs.cli.option.Units;

/** What a counter counts. */
public enum Unit {
  /** Things: files, slices, records. */
  COUNT {
    @Override
    String amount(long value) {
      return Long.toString(value);
    }
  },
  /** Bytes, shown as KiB, MiB, ... */
  BYTES {
    @Override
    String amount(long value) {
      return Units.humanBytes(value);
    }
  };

  /** A value for people. */
  abstract String amount(long value);
}
