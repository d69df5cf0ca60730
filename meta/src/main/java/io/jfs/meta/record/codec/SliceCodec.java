package io.jfs.meta.record.codec;

import io.jfs.meta.model.Slice;
import java.nio.ByteBuffer;
import java.util.List;

/** One slice record of a chunk, 24 bytes. Metadata spec 1.3. */
public final class SliceCodec implements Codec<Slice> {
  /** The only instance. */
  public static final SliceCodec INSTANCE = new SliceCodec();

  /** All slices of a chunk, one after the other. */
  public static final Codec<List<Slice>> LIST =
      new ConcatenationCodec<>(
          Slice.RECORD_BYTES, SliceCodec::write, (in, place) -> SliceCodec.read(in));

  private SliceCodec() {}

  @Override
  public byte[] encode(Slice slice) {
    ByteBuffer out = ByteBuffer.allocate(Slice.RECORD_BYTES);
    write(slice, out);
    return out.array();
  }

  @Override
  public Slice decode(byte[] stored, Object place) {
    return read(Shapes.exactly(Slice.RECORD_BYTES, stored, place));
  }

  private static void write(Slice slice, ByteBuffer out) {
    out.putInt(slice.pos()).putLong(slice.id());
    out.putInt(slice.size()).putInt(slice.off()).putInt(slice.len());
  }

  private static Slice read(ByteBuffer in) {
    return new Slice(in.getInt(), in.getLong(), in.getInt(), in.getInt(), in.getInt());
  }
}
