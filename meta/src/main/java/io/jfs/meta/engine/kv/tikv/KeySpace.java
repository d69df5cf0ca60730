package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;

/** The keys of one volume, which all stand behind its prefix. */
record KeySpace(byte[] prefix) {
  /** A volume's key as the cluster knows it. */
  ByteString key(byte[] key) {
    byte[] whole = Arrays.copyOf(prefix, prefix.length + key.length);
    System.arraycopy(key, 0, whole, prefix.length, key.length);
    return UnsafeByteOperations.unsafeWrap(whole);
  }

  /** Where a range ends; an empty end is that of the volume. */
  ByteString end(byte[] end) {
    return end.length == 0 ? end() : key(end);
  }

  /** Where the volume begins. */
  ByteString start() {
    return UnsafeByteOperations.unsafeWrap(prefix);
  }

  /** The first key that is behind the volume. */
  ByteString end() {
    byte[] end = prefix.clone();
    end[end.length - 1]++; // the prefix ends with 0xFD
    return UnsafeByteOperations.unsafeWrap(end);
  }

  /** A key of the cluster as the volume knows it. */
  byte[] own(ByteString key) {
    return key.substring(prefix.length).toByteArray();
  }
}
