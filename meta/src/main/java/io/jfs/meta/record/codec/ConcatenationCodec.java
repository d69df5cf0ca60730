package io.jfs.meta.record.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** Fixed-length records one after the other. */
final class ConcatenationCodec<E> implements Codec<List<E>> {
  private final int recordBytes;
  private final BiConsumer<E, ByteBuffer> writer;
  private final BiFunction<ByteBuffer, Object, E> reader;

  ConcatenationCodec(
      int recordBytes, BiConsumer<E, ByteBuffer> writer, BiFunction<ByteBuffer, Object, E> reader) {
    this.recordBytes = recordBytes;
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  public byte[] encode(List<E> entries) {
    ByteBuffer out = ByteBuffer.allocate(entries.size() * recordBytes);
    entries.forEach(entry -> writer.accept(entry, out));
    return out.array();
  }

  @Override
  public List<E> decode(byte[] stored, Object place) {
    int count = Shapes.wholeRecords(recordBytes, stored, place);
    ByteBuffer in = ByteBuffer.wrap(stored);
    List<E> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(reader.apply(in, place));
    }
    return entries;
  }
}
