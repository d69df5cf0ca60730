package io.jfs.meta.engine.kv.lmdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The two meta pages of a data file (LMDB's struct MDB_meta, data version 1), read and written
 * beside LMDB. Each names the root of a snapshot; LMDB writes that of transaction n to page n % 2.
 *
 * <p>Behind what LMDB uses of the first page lies a mark of our own, by which a checkpoint knows
 * the data that it belongs to.
 */
final class MetaPages implements AutoCloseable {
  /** Bytes of struct MDB_meta. */
  static final int META_BYTES = 136;

  private static final int HEADER_BYTES = 16;
  private static final int MAGIC = 0xBEEFC0DE;
  private static final int DATA_VERSION = 1;
  private static final int FLAGS_OFFSET = 10;
  private static final short META_FLAG = 8;
  private static final int PAGE_SIZE_OFFSET = 24;
  private static final int TXN_OFFSET = 128;
  private static final int MARK_OFFSET = 1024;

  private final RandomAccessFile data;

  /** Opens the data file of a directory, which must exist. */
  MetaPages(Path directory) throws IOException {
    this.data = new RandomAccessFile(directory.resolve("data.mdb").toFile(), "rw");
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /** The number of the transaction whose snapshot a meta page names. */
  static long txnOf(byte[] meta) {
    return wrap(meta).getLong(TXN_OFFSET);
  }

  private static int pageBytes(byte[] meta) {
    return wrap(meta).getInt(PAGE_SIZE_OFFSET);
  }

  /**
   * The meta page of a transaction, which must be the newest; nobody may be writing.
   *
   * @throws IOException if it is not there
   */
  byte[] of(long txn) throws IOException {
    byte[] first = readAt(0);
    byte[] meta = (txn & 1) == 0 || first == null ? first : readAt(pageBytes(first));
    if (meta == null || txnOf(meta) != txn) {
      throw new IOException("data.mdb has no meta page of transaction " + txn);
    }
    return meta;
  }

  /** The newest transaction that either page names; -1 if neither is one. */
  long newestTxn() throws IOException {
    byte[] first = readAt(0);
    if (first == null) {
      return -1;
    }
    byte[] second = readAt(pageBytes(first));
    return Math.max(txnOf(first), second == null ? -1 : txnOf(second));
  }

  private byte @Nullable [] readAt(long offset) throws IOException {
    byte[] meta = new byte[META_BYTES];
    if (data.length() < offset + HEADER_BYTES + META_BYTES) {
      return null;
    }
    data.seek(offset + HEADER_BYTES);
    data.readFully(meta);
    ByteBuffer fields = wrap(meta);
    return fields.getInt(0) == MAGIC && fields.getInt(4) == DATA_VERSION ? meta : null;
  }

  /** Makes both pages name one snapshot, durably. LMDB must not have the file open. */
  void restore(byte[] meta) throws IOException {
    for (int page = 0; page < 2; page++) {
      ByteBuffer bytes =
          ByteBuffer.allocate(HEADER_BYTES + META_BYTES).order(ByteOrder.nativeOrder());
      bytes.putLong(0, page).putShort(FLAGS_OFFSET, META_FLAG).put(HEADER_BYTES, meta);
      data.seek((long) page * pageBytes(meta));
      data.write(bytes.array());
    }
    data.getFD().sync();
  }

  /** The mark; 0 if there is none. */
  long mark() throws IOException {
    if (data.length() < MARK_OFFSET + Long.BYTES) {
      return 0;
    }
    data.seek(MARK_OFFSET);
    return data.readLong();
  }

  /** Sets the mark. It becomes durable with the next flush of the file. */
  void mark(long mark) throws IOException {
    data.seek(MARK_OFFSET);
    data.writeLong(mark);
  }

  /** Flushes the file. */
  void flush() throws IOException {
    data.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    data.close();
  }
}
