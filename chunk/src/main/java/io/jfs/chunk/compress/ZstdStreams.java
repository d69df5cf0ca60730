package io.jfs.chunk.compress;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Zstandard over streams, for files that people name {@code .zstd}. */
public final class ZstdStreams {
  private ZstdStreams() {}

  /** Compresses what is written; closing it ends the frame and closes {@code out}. */
  public static OutputStream compressing(OutputStream out) throws IOException {
    return new ZstdOutputStream(out);
  }

  /** Decompresses what {@code in} has; a damaged stream is an IOException. */
  public static InputStream decompressing(InputStream in) throws IOException {
    return new ZstdInputStream(in);
  }
}
