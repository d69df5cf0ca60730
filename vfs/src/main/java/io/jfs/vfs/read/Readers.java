package io.jfs.vfs.read;

import io.jfs.chunk.slice.SliceStore;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.VfsConfig;

/** What the readers of a mount share. */
public final class Readers {
  private final Meta meta;
  private final SliceStore store;
  private final VfsConfig config;

  /** Readers of the files of {@code meta} with their bytes in {@code store}. */
  public Readers(Meta meta, SliceStore store, VfsConfig config) {
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

  int retries() {
    return config.ioRetries();
  }
}
