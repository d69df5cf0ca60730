package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.compress.Compressor;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** Single blocks in the object store: names and compression. Tries once. */
final class BlockStore {
  private final ObjectStore objects;
  private final BlockNaming naming;
  private final Compressor compressor;
  private final PagePool pool;
  private final Semaphore downloads;

  BlockStore(ObjectStore objects, ChunkConfig config, PagePool pool) {
    this.objects = objects;
    this.naming = config.naming();
    this.compressor = Compressor.of(config.compression());
    this.pool = pool;
    this.downloads = new Semaphore(config.maxDownloads());
  }

  /** Whether a part of a block can be read alone. */
  boolean hasRangedReads() {
    return compressor.isIdentity() && objects.hasCheapRanges();
  }

  /** Stores a block as {@code tier} wants it kept. {@code plain} is BORROWED. */
  void put(BlockKey key, ByteBuffer plain, int tier) throws IOException {
    if (compressor.isIdentity()) {
      objects.put(naming.name(key), plain, tier);
      return;
    }
    try (Page stored = pool.takeNow(compressor.bound(plain.remaining()))) {
      ByteBuffer out = stored.buffer();
      compressor.compress(plain, out);
      objects.put(naming.name(key), out.flip(), tier);
    }
  }

  /** A whole block, at the start of a page that the caller owns. */
  Page get(BlockKey key) throws IOException {
    Page plain = pool.take(key.sizeBytes());
    try {
      ByteBuffer out = plain.buffer(0, key.sizeBytes());
      if (compressor.isIdentity()) {
        fetch(key, 0, out);
        requireFull(key, out);
      } else {
        getCompressed(key, out);
      }
      return plain;
    } catch (IOException | RuntimeException | Error e) {
      plain.close();
      throw e;
    }
  }

  private void getCompressed(BlockKey key, ByteBuffer plain) throws IOException {
    try (Page stored = pool.takeNow(compressor.bound(key.sizeBytes()))) {
      ByteBuffer in = stored.buffer(0, compressor.bound(key.sizeBytes()));
      fetch(key, 0, in);
      if (in.position() == 0) {
        throw new IOException("empty object " + naming.name(key));
      }
      compressor.decompress(in.flip(), plain);
    }
  }

  /** Part of a block, at the start of a page that the caller owns. */
  Page getRange(BlockKey key, int off, int len) throws IOException {
    Page page = pool.take(len);
    try {
      ByteBuffer out = page.buffer(0, len);
      fetch(key, off, out);
      requireFull(key, out);
      return page;
    } catch (IOException | RuntimeException | Error e) {
      page.close();
      throw e;
    }
  }

  /** Deletes a block; a missing one is a success. */
  void delete(BlockKey key) throws IOException {
    objects.delete(naming.name(key));
  }

  /** Whether the object of a block is there. */
  boolean exists(BlockKey key) throws IOException {
    return objects.head(naming.name(key)) != null;
  }

  /** Asks the store for the sake of asking. */
  void probe() throws IOException {
    Object ignored = objects.head("juicefs_uuid");
  }

  private void fetch(BlockKey key, int off, ByteBuffer into) throws IOException {
    downloads.acquireUninterruptibly();
    try {
      int ignored = objects.get(naming.name(key), off, into);
    } finally {
      downloads.release();
    }
  }

  private void requireFull(BlockKey key, ByteBuffer out) throws IOException {
    if (out.hasRemaining()) {
      throw new IOException("object " + naming.name(key) + " is too short");
    }
  }
}
