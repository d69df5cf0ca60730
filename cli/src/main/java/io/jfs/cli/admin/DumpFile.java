package io.jfs.cli.admin;

import io.jfs.chunk.compress.ZstdStreams;
import io.jfs.chunk.encrypt.Encryption;
import io.jfs.cli.Interruption;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

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
    Interruption.Leftover part = Interruption.removes(() -> Files.deleteIfExists(unfinished));
    try {
      try (OutputStream out = compressing(file.toString(), Files.newOutputStream(unfinished))) {
        content.write(out);
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      done = true;
    } finally {
      part.forget();
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
    return read(file, null);
  }

  /**
   * Opens a file that was taken out of the bucket of an encrypted volume: its backups are encrypted
   * as a whole.
   *
   * @param encryption null if it is not encrypted
   * @throws IOException also if it was changed, or encrypted with another key, or is too large for
   *     this process: it can only be decrypted as a whole
   */
  public static InputStream read(Path file, @Nullable Encryption encryption) throws IOException {
    InputStream raw =
        encryption == null
            ? new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)
            : new ByteArrayInputStream(decrypted(file, encryption));
    if (file.toString().endsWith(".gz")) {
      return new GZIPInputStream(raw, BUFFER_BYTES);
    }
    return file.toString().endsWith(".zstd") ? ZstdStreams.decompressing(raw) : raw;
  }

  private static byte[] decrypted(Path file, Encryption encryption) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 3)) {
        throw new IOException(
            file + " is too large to be decrypted here: give Java a heap of 3 times its size");
      }
      ByteBuffer plain = ByteBuffer.allocate((int) size);
      encryption.open(channel.map(MapMode.READ_ONLY, 0, size), plain);
      return Arrays.copyOf(plain.array(), plain.position());
    }
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
