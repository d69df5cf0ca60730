package io.jfs.meta.record.codec;

/**
 * Turns values of one type into stored bytes and back. Stateless and thread safe.
 *
 * @param <V> decoded value
 */
public interface Codec<V> {
  /** The stored form, byte for byte what the reference client writes. */
  byte[] encode(V value);

  /**
   * The value.
   *
   * @param place which record it is, for the message only
   * @throws io.jfs.meta.model.CorruptRecordException if the bytes do not have the format's shape
   */
  V decode(byte[] stored, Object place);
}
