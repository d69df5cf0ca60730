package io.jfs.cache.block;

import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An open file of a cached block: the data, then perhaps checksums, then perhaps a footer. The
 * checksums are read once, when it is opened.
 */
final class CacheFile implements AutoCloseable {
  private final FileChannel channel;
  private final int dataBytes;
  private final @Nullable ByteBuffer trailer;

  private CacheFile(FileChannel channel, int dataBytes, @Nullable ByteBuffer trailer) {
    this.channel = channel;
    this.dataBytes = dataBytes;
    this.trailer = trailer;
  }

  /**
   * Opens the file of a block.
   *
   * @throws DamagedCacheFileException if its length makes no sense
   */
  static CacheFile open(Path path, int dataBytes) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new CacheFile(channel, dataBytes, readTrailer(channel, path, dataBytes));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable ByteBuffer readTrailer(FileChannel channel, Path path, int dataBytes)
      throws IOException {
    long extra = channel.size() - dataBytes;
    int trailerBytes = SegmentChecksums.trailerBytes(dataBytes);
    boolean aligned = extra % Integer.BYTES == 0;
    if (extra < 0 || (aligned && extra > 0 && extra < trailerBytes)) {
      throw new DamagedCacheFileException(path + " has a wrong length");
    }
    if (extra == 0 || !aligned) {
      return null;
    }
    ByteBuffer trailer = ByteBuffer.allocate(trailerBytes);
    readFully(channel, trailer, dataBytes);
    return trailer.flip();
  }

  /**
   * The bytes [off, off + len), checked as {@code level} says. The caller owns the answer.
   *
   * @throws DamagedCacheFileException if the check fails
   */
  PageSlice read(PagePool pool, int off, int len, ChecksumLevel level) throws IOException {
    ByteBuffer checksums = level == ChecksumLevel.NONE ? null : trailer;
    if (checksums == null || (level == ChecksumLevel.FULL && len < dataBytes)) {
      return readPlain(pool, off, len).takeSlice(0, len);
    }
    return level == ChecksumLevel.SHRINK
        ? readShrunk(pool, off, len, checksums)
        : readExtended(pool, off, len, checksums);
  }

  /** The whole block at the start of a page, checked as {@code level} says; the caller owns it. */
  Page readWhole(PagePool pool, ChecksumLevel level) throws IOException {
    Page page = readPlain(pool, 0, dataBytes);
    if (level != ChecksumLevel.NONE && trailer != null) {
      verify(page, page.buffer(0, dataBytes), trailer, 0);
    }
    return page;
  }

  private PageSlice readExtended(PagePool pool, int off, int len, ByteBuffer checksums)
      throws IOException {
    int start = floor(off);
    int end = ceil(off + len);
    Page page = readPlain(pool, start, end - start);
    verify(page, page.buffer(0, end - start), checksums, start);
    return page.takeSlice(off - start, len);
  }

  private PageSlice readShrunk(PagePool pool, int off, int len, ByteBuffer checksums)
      throws IOException {
    Page page = readPlain(pool, off, len);
    int start = floor(off + SegmentChecksums.SEGMENT_BYTES - 1);
    int end = off + len == dataBytes ? dataBytes : floor(off + len);
    if (start < end) {
      verify(page, page.buffer(start - off, end - start), checksums, start);
    }
    return page.takeSlice(0, len);
  }

  private static void verify(Page page, ByteBuffer data, ByteBuffer checksums, int start)
      throws DamagedCacheFileException {
    if (!SegmentChecksums.verify(data, checksums, start / SegmentChecksums.SEGMENT_BYTES)) {
      page.close();
      throw new DamagedCacheFileException("checksum does not match");
    }
  }

  private Page readPlain(PagePool pool, int off, int len) throws IOException {
    Page page = pool.take(len);
    try {
      readFully(channel, page.buffer(0, len), off);
      return page;
    } catch (IOException | RuntimeException e) {
      page.close();
      throw e;
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int count = channel.read(into, at);
      if (count < 0) {
        throw new DamagedCacheFileException("file is too short");
      }
      at += count;
    }
  }

  private static int floor(int off) {
    return off / SegmentChecksums.SEGMENT_BYTES * SegmentChecksums.SEGMENT_BYTES;
  }

  private int ceil(int off) {
    return Math.min(dataBytes, floor(off + SegmentChecksums.SEGMENT_BYTES - 1));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
