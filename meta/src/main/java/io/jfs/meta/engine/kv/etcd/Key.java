package io.jfs.meta.engine.kv.etcd;

import java.util.Arrays;

/** Key bytes that can be looked up by value. */
record Key(byte[] bytes) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
