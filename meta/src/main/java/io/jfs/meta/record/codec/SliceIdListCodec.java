package io.jfs.meta.record.codec;

import io.jfs.meta.model.SliceId;
import java.util.List;

/** Slices that a compaction replaced: id and size, 12 bytes each. Metadata spec 1.4. */
public final class SliceIdListCodec {
  /** The only instance. */
  public static final Codec<List<SliceId>> INSTANCE =
      new ConcatenationCodec<>(
          12,
          (slice, out) -> out.putLong(slice.id()).putInt(slice.size()),
          (in, place) -> new SliceId(in.getLong(), in.getInt()));

  private SliceIdListCodec() {}
}
