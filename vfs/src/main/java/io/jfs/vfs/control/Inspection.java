package io.jfs.vfs.control;

import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.BlockNaming;
import io.jfs.chunk.block.SliceLayout;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.ops.SliceOverlay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What {@code info} shows of an inode. */
final class Inspection {
  private final Meta meta;
  private final Tree tree;
  private final int blockSizeBytes;

  Inspection(Meta meta, Tree tree, int blockSizeBytes) {
    this.meta = meta;
    this.tree = tree;
    this.blockSizeBytes = blockSizeBytes;
  }

  /** Sums over an inode and what is below it. */
  record Sums(long length, long size, long files, long dirs) {
    private Sums with(Attr attr) {
      boolean dir = attr.isDirectory();
      return new Sums(
          length + (attr.isRegular() ? attr.lengthBytes() : 0),
          size + attr.usedSpaceBytes(),
          files + (dir ? 0 : 1),
          dirs + (dir ? 1 : 0));
    }
  }

  /** A visible piece of an object; an empty key for a hole. */
  record Part(int chunk, String key, long size, long off, long len) {}

  /** One of the chunk's records. */
  record ListedSlice(int chunk, Slice slice) {}

  Sums sums(Caller caller, Ino ino, Tree.Reach reach, ControlReply reply)
      throws FsException, IOException {
    Sums[] sums = {new Sums(0, 0, 0, 0)};
    tree.walk(
        caller,
        ino,
        reach,
        (found, attr) -> {
          sums[0] = sums[0].with(attr);
          reply.advance(1, attr.usedSpaceBytes());
        });
    return sums[0];
  }

  /** All paths of an inode. */
  List<String> paths(Ino ino) throws FsException {
    return meta.paths(ino);
  }

  /** Who has locked it. */
  List<Meta.HeldLock> locks(Ino ino) throws FsException {
    return meta.locks(ino);
  }

  Attr attr(Ino ino) throws FsException {
    return meta.getAttr(ino);
  }

  /** Everything that the chunks of a file list. */
  List<ListedSlice> records(Ino ino, Attr attr) throws FsException {
    List<ListedSlice> records = new ArrayList<>();
    for (int index = 0; index < CompactCommand.chunks(attr.lengthBytes()); index++) {
      for (Slice slice : meta.readChunk(ino, index)) {
        records.add(new ListedSlice(index, slice));
      }
    }
    return records;
  }

  /** The objects in which a file's visible bytes are. */
  List<Part> objects(Ino ino, Attr attr) throws FsException {
    List<Part> parts = new ArrayList<>();
    for (int index = 0; index < CompactCommand.chunks(attr.lengthBytes()); index++) {
      List<Slice> written = meta.readChunk(ino, index);
      long rest = attr.lengthBytes() - (long) index * Slice.CHUNK_BYTES;
      int end = (int) Math.min(rest, Slice.CHUNK_BYTES);
      for (Slice piece : SliceOverlay.pieces(written, 0, end)) {
        addObjects(parts, index, piece);
      }
    }
    return parts;
  }

  private void addObjects(List<Part> parts, int index, Slice piece) {
    if (piece.isHole()) {
      parts.add(new Part(index, "", piece.size(), piece.off(), piece.len()));
      return;
    }
    SliceLayout layout = new SliceLayout(piece.id(), piece.size(), blockSizeBytes);
    int end = piece.off() + piece.len();
    for (int off = piece.off(); off < end; ) {
      BlockKey key = layout.blockAt(off);
      int inBlock = off % blockSizeBytes;
      int length = Math.min(end - off, key.sizeBytes() - inBlock);
      parts.add(new Part(index, objectName(key), key.sizeBytes(), inBlock, length));
      off += length;
    }
  }

  private String objectName(BlockKey key) {
    BlockNaming naming = BlockNaming.of(meta.format().hashPrefix());
    return meta.format().name() + "/" + naming.name(key);
  }
}
