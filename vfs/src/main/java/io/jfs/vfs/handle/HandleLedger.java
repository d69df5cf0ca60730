package io.jfs.vfs.handle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Ino;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Which handles the kernel holds, in a mapped file: so that it is known when the process that gave
 * them out was killed. A row is written before the kernel learns of the handle and cleared when it
 * gives it up. The file is worth nothing without the kernel that knows its numbers, so it is never
 * synced. Thread safe. Whoever opens it closes it when nobody uses its handles any more.
 *
 * <p>Layout, little endian: 16 bytes of head (magic and zeros), then rows of 32 bytes: number, with
 * 0 for a free row; inode; open flags (32 bits) and what is owed, see {@link #owe} (32 bits); when
 * it was opened, in milliseconds since 1970.
 */
public final class HandleLedger implements AutoCloseable {
  private static final long MAGIC = 0x31_72_67_64_6c_73_66_6aL; // "jfsldgr1"
  private static final int HEAD_BYTES = 16;
  private static final int ROW_BYTES = 32;
  private static final int ROWS_PER_SEGMENT = 4096;
  private static final int SEGMENT_BYTES = ROWS_PER_SEGMENT * ROW_BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * A handle that a predecessor gave out.
   *
   * @param place its row
   * @param owes whether bytes that were acknowledged may not have been stored
   * @param openedMillis when, since 1970
   */
  public record Kept(int place, long number, Ino ino, int flags, boolean owes, long openedMillis) {}

  private final FileChannel channel;

  @GuardedBy("this")
  private final List<ByteBuffer> segments = new ArrayList<>();

  @GuardedBy("this")
  private final Deque<Integer> free = new ArrayDeque<>();

  private final List<Kept> kept = new ArrayList<>();

  private HandleLedger(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens the ledger in {@code file}, which is made if it is missing, readable by its owner only.
   *
   * @throws IOException it cannot be mapped, or is something else
   */
  public static HandleLedger open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    HandleLedger ledger = new HandleLedger(channel);
    try {
      ledger.load(file, channel.size());
      return ledger;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private synchronized void load(Path file, long lengthBytes) throws IOException {
    ByteBuffer head = channel.map(MapMode.READ_WRITE, 0, HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (lengthBytes == 0) {
      head.putLong(0, MAGIC);
    } else if (head.getLong(0) != MAGIC) {
      throw new IOException(file + " is no ledger of handles");
    }
    long rows = Math.max(0, lengthBytes - HEAD_BYTES) / ROW_BYTES;
    while ((long) segments.size() * ROWS_PER_SEGMENT < rows) {
      mapSegment();
    }
    for (int place = 0; place < segments.size() * ROWS_PER_SEGMENT; place++) {
      ByteBuffer segment = segmentOf(place);
      int at = at(place);
      long number = (long) LONG.getAcquire(segment, at);
      if (number != 0) {
        Ino ino = new Ino(segment.getLong(at + 8));
        boolean owes = segment.getInt(at + 20) != 0;
        int flags = segment.getInt(at + 16);
        kept.add(new Kept(place, number, ino, flags, owes, segment.getLong(at + 24)));
      } else {
        free.add(place);
      }
    }
  }

  @GuardedBy("this")
  private void mapSegment() throws IOException {
    long at = HEAD_BYTES + (long) segments.size() * SEGMENT_BYTES;
    segments.add(channel.map(MapMode.READ_WRITE, at, SEGMENT_BYTES).order(ByteOrder.LITTLE_ENDIAN));
  }

  @GuardedBy("this")
  private void addSegment() throws IOException {
    mapSegment();
    int first = (segments.size() - 1) * ROWS_PER_SEGMENT;
    for (int place = first; place < first + ROWS_PER_SEGMENT; place++) {
      free.add(place);
    }
  }

  @GuardedBy("this")
  private ByteBuffer segmentOf(int place) {
    return segments.get(place / ROWS_PER_SEGMENT);
  }

  private static int at(int place) {
    return place % ROWS_PER_SEGMENT * ROW_BYTES;
  }

  /** The handles that were there when this ledger was opened. */
  public List<Kept> kept() {
    return List.copyOf(kept);
  }

  /**
   * Enters a handle; answers its row.
   *
   * @throws IOException the file cannot grow
   */
  synchronized int add(long number, Ino ino, int flags, long openedMillis) throws IOException {
    if (free.isEmpty()) {
      addSegment();
    }
    int place = free.remove();
    ByteBuffer segment = segmentOf(place);
    int at = at(place);
    segment.putLong(at + 8, ino.value());
    segment.putInt(at + 16, flags);
    segment.putInt(at + 20, 0);
    segment.putLong(at + 24, openedMillis);
    LONG.setRelease(segment, at, number); // last: a row with a number is whole
    return place;
  }

  /** Clears a row. */
  synchronized void remove(int place) {
    LONG.setRelease(segmentOf(place), at(place), 0L);
    free.add(place);
  }

  /**
   * Says whether bytes written through a handle are acknowledged and may not be stored yet: a
   * successor has to tell the program that they may be lost.
   */
  synchronized void owe(int place, boolean owes) {
    segmentOf(place).putInt(at(place) + 20, owes ? 1 : 0);
  }

  /** Gives the descriptor up; rows that are changed afterwards may not be kept. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
