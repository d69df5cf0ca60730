package io.jfs.cli.admin;

import io.jfs.chunk.compress.ZstdStreams;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A dump in a file, compressed as its name says: {@code .gz}, {@code .zstd}, or not at all. It
 * appears under its name only when it is whole.
 */
public final class DumpFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private DumpFile() {}

  /** Writes a dump. */
  @FunctionalInterface
  public interface Content<E extends Exception> {
    void write(OutputStream out) throws E, IOException;
  }

  /** Writes {@code file}, over an earlier one; a failure leaves what was there. */
  public static <E extends Exception> void write(Path file, Content<E> content)
      throws E, IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    boolean done = false;
    try {
      try (OutputStream out = compressing(file.toString(), Files.newOutputStream(unfinished))) {
        content.write(out);
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(unfinished);
      }
    }
  }

  private static OutputStream compressing(String name, OutputStream raw) throws IOException {
    if (name.endsWith(".gz")) {
      return new FastGzip(raw);
    }
    return new BufferedOutputStream(
        name.endsWith(".zstd") ? ZstdStreams.compressing(raw) : raw, BUFFER_BYTES);
  }

  /** Opens {@code file}. */
  public static InputStream read(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    if (file.toString().endsWith(".gz")) {
      return new GZIPInputStream(raw, BUFFER_BYTES);
    }
    return file.toString().endsWith(".zstd") ? ZstdStreams.decompressing(raw) : raw;
  }

  /** Gzip at its fastest level: a dump is mostly numbers that never repeat. */
  public static final class FastGzip extends GZIPOutputStream {
    /** Compresses what is written to {@code out}. */
    public FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
