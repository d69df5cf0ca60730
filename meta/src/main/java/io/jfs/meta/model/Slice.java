package io.jfs.meta.model;

/**
 * One record of a chunk: a window of an immutable slice laid over the chunk. Later records hide
 * earlier ones. Stored layout: metadata spec 1.3.
 *
 * @param pos where it lies in the chunk, bytes
 * @param id the slice; 0 is a hole (zeros)
 * @param size full size of the slice as stored, bytes
 * @param off first visible byte inside the slice
 * @param len number of visible bytes
 */
public record Slice(int pos, long id, int size, int off, int len) {
  /** Bytes of file that one chunk covers: 64 MiB. */
  public static final int CHUNK_BYTES = 1 << 26;

  /** Bytes of one stored record. */
  public static final int RECORD_BYTES = 24;

  /** A hole of {@code len} zeros at {@code pos}. */
  public static Slice hole(int pos, int len) {
    return new Slice(pos, 0, 0, 0, len);
  }

  /** Whether this record shows zeros instead of data. */
  public boolean isHole() {
    return id == 0;
  }

  /** The first position behind it in the chunk. */
  public int end() {
    return pos + len;
  }
}
