package io.jfs.fuse;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.ReadData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A sparse file of direct blocks of 128 KiB, which start small and grow. */
final class MemoryFile {
  private static final int BLOCK = 128 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK);
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final TreeMap<Long, ByteBuffer> blocks = new TreeMap<>();
  private long length;

  /** Bytes that may be read until they are closed: blocks are never freed, only dropped. */
  private record Bytes(List<ByteBuffer> buffers, int lengthBytes) implements ReadData {
    @Override
    public void close() {}
  }

  synchronized ReadData read(long offset, int size) {
    int n = (int) Math.max(0, Math.min(size, length - offset));
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int done = 0; done < n; ) {
      long at = offset + done;
      int pos = (int) (at % BLOCK);
      int take = Math.min(BLOCK - pos, n - done);
      addPiece(pieces, blocks.getOrDefault(at / BLOCK, NOTHING), pos, take);
      done += take;
    }
    return new Bytes(pieces, n);
  }

  /** The bytes that the block has, then zeros. */
  private static void addPiece(List<ByteBuffer> pieces, ByteBuffer block, int pos, int take) {
    int there = Math.max(0, Math.min(take, block.capacity() - pos));
    if (there > 0) {
      pieces.add(block.slice(pos, there));
    }
    if (there < take) {
      pieces.add(ZEROS.slice(0, take - there));
    }
  }

  /** The block at {@code index} with room for {@code bytes}. */
  private ByteBuffer block(long index, int bytes) {
    ByteBuffer block = blocks.getOrDefault(index, NOTHING);
    if (block.capacity() < bytes) {
      int capacity = Math.max(4096, Integer.highestOneBit(bytes * 2 - 1));
      block = ByteBuffer.allocateDirect(capacity).put(0, block, 0, block.capacity());
      blocks.put(index, block);
    }
    return block;
  }

  synchronized void write(long offset, ByteBuffer data) {
    long at = offset;
    ByteBuffer from = data.duplicate();
    while (from.hasRemaining()) {
      int pos = (int) (at % BLOCK);
      int take = Math.min(BLOCK - pos, from.remaining());
      block(at / BLOCK, pos + take).put(pos, from, from.position(), take);
      from.position(from.position() + take);
      at += take;
    }
    length = Math.max(length, at);
  }

  synchronized void truncate(long newLength) {
    if (newLength < length) {
      punch(newLength, length - newLength);
      blocks.tailMap((newLength + BLOCK - 1) / BLOCK, true).clear();
    }
    length = newLength;
  }

  synchronized void punch(long offset, long bytes) {
    long end = Math.min(offset + bytes, length);
    for (Map.Entry<Long, ByteBuffer> e : List.copyOf(blocks.entrySet())) {
      long start = e.getKey() * BLOCK;
      long from = Math.max(start, offset);
      long to = Math.min(start + BLOCK, end);
      if (from == start && to == start + BLOCK) {
        blocks.remove(e.getKey());
      } else if (from < to) {
        int pos = (int) (from - start);
        int there = Math.min((int) (to - start), e.getValue().capacity()) - pos;
        if (there > 0) {
          e.getValue().put(pos, ZEROS, 0, there);
        }
      }
    }
  }

  /** SEEK_DATA 3, SEEK_HOLE 4, by whole blocks. */
  synchronized long seek(long offset, int whence) throws FsException {
    if (offset < 0 || offset >= length) {
      throw Errno.ENXIO.exception();
    }
    for (long at = offset; at < length; at = (at / BLOCK + 1) * BLOCK) {
      if (blocks.containsKey(at / BLOCK) == (whence == 3)) {
        return at;
      }
    }
    if (whence == 3) {
      throw Errno.ENXIO.exception();
    }
    return length;
  }
}
