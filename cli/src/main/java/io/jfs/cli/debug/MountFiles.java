package io.jfs.cli.debug;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Excerpts of what a mount shows and logs. */
final class MountFiles {
  /** A busy mount says more per second than anybody reads. */
  private static final int MOST_ACCESS_LOG_BYTES = 16 << 20;

  private static final int PIECE_BYTES = 1 << 16;

  private MountFiles() {}

  /** A virtual file some seconds from now. */
  static String later(Path file, long seconds) throws IOException, InterruptedException {
    TimeUnit.SECONDS.sleep(seconds);
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** What an access log says in some seconds. */
  static String listen(Path log, long seconds) throws IOException {
    StringBuilder heard = new StringBuilder();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    byte[] piece = new byte[PIECE_BYTES];
    try (InputStream in = Files.newInputStream(log)) {
      while (System.nanoTime() < end && heard.length() < MOST_ACCESS_LOG_BYTES) {
        int count = in.read(piece);
        if (count < 0) {
          break;
        }
        heard.append(new String(piece, 0, count, StandardCharsets.UTF_8));
      }
    }
    return heard.toString();
  }

  /** The last lines of a file. */
  static String tail(Path file, long lines) throws IOException {
    if (lines == 0) {
      return "";
    }
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r");
        FileChannel channel = log.getChannel()) {
      long start = channel.size();
      long wanted = lines;
      ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
      long end = start;
      while (start > 0) {
        long from = Math.max(0, start - PIECE_BYTES);
        int size = (int) (start - from);
        piece.clear().limit(size);
        readFully(channel, piece, from);
        int at = size - 1;
        for (; at >= 0; at--) {
          boolean lineEnds = piece.get(at) == '\n' && from + at + 1 < end;
          if (lineEnds && --wanted <= 0) {
            return text(channel, from + at + 1, end);
          }
        }
        start = from;
      }
      return text(channel, 0, end);
    }
  }

  private static String text(FileChannel channel, long from, long end) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(end - from));
    readFully(channel, bytes, from);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long from)
      throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, from + into.position()) < 0) {
        return; // cut off meanwhile
      }
    }
  }
}
