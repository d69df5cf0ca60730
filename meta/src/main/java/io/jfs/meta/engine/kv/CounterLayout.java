package io.jfs.meta.engine.kv;

import io.jfs.meta.record.codec.Shapes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the numbers of a counter lie: one after the other in one value.
 *
 * @param prefix common beginning of all its keys
 * @param toKey key bytes of a record key
 * @param fromKey the record key, or null for bytes that are another record's
 * @param width how many numbers
 * @param order of their bytes
 * @param part which bytes of the stored value belong to the counter
 */
record CounterLayout<K>(
    byte[] prefix,
    Function<K, byte[]> toKey,
    Function<byte[], @Nullable K> fromKey,
    int width,
    ByteOrder order,
    Part part) {

  long[] decode(byte[] stored, Object place) {
    ByteBuffer in = Shapes.exactly(width * Long.BYTES, part.cut(stored, place), place).order(order);
    long[] numbers = new long[width];
    in.asLongBuffer().get(numbers);
    return numbers;
  }

  byte[] encode(long[] numbers) {
    ByteBuffer out = ByteBuffer.allocate(width * Long.BYTES).order(order);
    out.asLongBuffer().put(numbers);
    return out.array();
  }

  /** The stored value with {@code deltas} added, starting from zeros if there is none. */
  byte[] add(byte @Nullable [] stored, long[] deltas, Object place) {
    long[] sum = stored == null ? new long[width] : decode(stored, place);
    for (int i = 0; i < width; i++) {
      sum[i] += deltas[i];
    }
    return part.paste(stored, encode(sum), place);
  }
}
