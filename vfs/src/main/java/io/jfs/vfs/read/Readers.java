package io.jfs.vfs.read;

import io.jfs.chunk.slice.SliceStore;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.VfsConfig;
import io.jfs.vfs.compact.Compactor;
import java.util.concurrent.atomic.LongAdder;

/** What the readers of a mount share. */
public final class Readers {
  private final Meta meta;
  private final SliceStore store;
  private final VfsConfig config;
  private final Compactor compactor;
  private final LongAdder lentBytes = new LongAdder();

  /**
   * Readers of the files of {@code meta} with their bytes in {@code store}.
   *
   * @param compactor is asked for chunks that are slow to read
   */
  public Readers(Meta meta, SliceStore store, VfsConfig config, Compactor compactor) {
    this.compactor = compactor;
    this.meta = meta;
    this.store = store;
    this.config = config;
  }

  /** A reader for an inode that was opened. */
  public FileReader open(Ino ino) {
    return new FileReader(this, ino);
  }

  /** The reading pattern of a handle that was opened. */
  public ReadAhead newReadAhead() {
    return new ReadAhead(config.blockSizeBytes(), config.maxReadAheadBytes());
  }

  Meta meta() {
    return meta;
  }

  SliceStore store() {
    return store;
  }

  Compactor compactor() {
    return compactor;
  }

  /** Bytes of pages in answers that are not out yet. */
  public LongAdder lentBytes() {
    return lentBytes;
  }

  int retries() {
    return config.ioRetries();
  }
}
