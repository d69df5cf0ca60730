package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;

/**
 * How keys of transactions stand in the bounds of regions: in groups of eight bytes, each followed
 * by 0xFF less the number of padding zeros, so that the order of keys survives.
 */
final class OrderedBytes {
  private static final int GROUP = 8;
  private static final int MARKER = 0xFF;

  private OrderedBytes() {}

  static ByteString encode(ByteString raw) {
    ByteString.Output out = ByteString.newOutput(raw.size() + raw.size() / GROUP + GROUP + 2);
    for (int at = 0; at <= raw.size(); at += GROUP) {
      int taken = Math.min(GROUP, raw.size() - at);
      for (int i = 0; i < GROUP; i++) {
        out.write(i < taken ? raw.byteAt(at + i) : 0);
      }
      out.write(MARKER - (GROUP - taken));
    }
    return out.toByteString();
  }

  /**
   * The key behind an encoded one; empty for empty.
   *
   * @throws IllegalArgumentException for bytes that are no encoded key
   */
  static ByteString decode(ByteString encoded) {
    if (encoded.isEmpty()) {
      return encoded;
    }
    ByteString.Output out = ByteString.newOutput(encoded.size());
    for (int at = 0; at + GROUP < encoded.size(); at += GROUP + 1) {
      int padding = MARKER - (encoded.byteAt(at + GROUP) & MARKER);
      if (padding > GROUP) {
        break;
      }
      for (int i = 0; i < GROUP - padding; i++) {
        out.write(encoded.byteAt(at + i));
      }
      if (padding > 0) {
        return out.toByteString();
      }
    }
    throw new IllegalArgumentException("not the bound of a region of transactional keys");
  }
}
