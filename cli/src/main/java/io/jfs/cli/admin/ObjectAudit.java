package io.jfs.cli.admin;

import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.BlockNaming;
import io.jfs.chunk.block.SliceLayout;
import io.jfs.chunk.object.FileObjectStore;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.meta.admin.SliceInventory.Use;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.spill.SortedRows;
import io.jfs.meta.spill.SpillSort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the slices that metadata knows with the blocks that lie in the object store: two
 * listings sorted by object name, merged, so that memory does not grow with the volume. Data spec
 * 5.6.
 */
public final class ObjectAudit implements AutoCloseable {
  private static final long SORT_BYTES = 16 << 20;
  private static final int VALUE_BYTES = 6;

  private final BlockNaming naming;
  private final int blockSizeBytes;
  private final SpillSort slices = new SpillSort(SORT_BYTES);

  /** What is in the store: how many objects of each kind, and how many bytes. */
  public static final class Tallies {
    private final EnumMap<Verdict, Tally> tallies = new EnumMap<>(Verdict.class);

    private void add(Verdict verdict, ObjectInfo object) {
      Tally before = of(verdict);
      tallies.put(verdict, new Tally(before.objects() + 1, before.bytes() + object.sizeBytes()));
    }

    /** Those of a kind. */
    public Tally of(Verdict verdict) {
      return tallies.getOrDefault(verdict, Tally.NOTHING);
    }

    /** How many objects were judged or skipped. */
    public long objects() {
      return tallies.values().stream().mapToLong(Tally::objects).sum();
    }
  }

  /**
   * Some objects.
   *
   * @param objects how many
   * @param bytes as they are stored
   */
  public record Tally(long objects, long bytes) {
    private static final Tally NOTHING = new Tally(0, 0);
  }

  /** What an object is. */
  public enum Verdict {
    /** A block that a file shows. */
    VALID,
    /** Waits for its deletion. */
    PENDING,
    /** Was replaced by a compaction, and is protected by the trash. */
    COMPACTED,
    /** Nobody knows it. */
    LEAKED,
    /** Too young to be judged: whoever wrote it may not have told yet. */
    SKIPPED
  }

  /**
   * An audit of a volume.
   *
   * @param blockSizeBytes the volume's block size
   */
  public ObjectAudit(BlockNaming naming, int blockSizeBytes) {
    this.naming = naming;
    this.blockSizeBytes = blockSizeBytes;
  }

  /** A slice that metadata knows; it may be told several times. */
  public void know(SliceId slice, Use use) {
    byte[] stem = stem(slice.id());
    slices.add(
        ByteBuffer.allocate(stem.length + VALUE_BYTES)
            .put(stem)
            .put((byte) 0)
            .put((byte) use.rank())
            .putInt(slice.size())
            .array());
  }

  /** What the names of all blocks of a slice begin with, and of no other slice. */
  private byte[] stem(long id) {
    String name = naming.name(new BlockKey(id, 0, 1));
    return name.substring(0, name.length() - "0_1".length()).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * How much is in use.
   *
   * @param slices number
   * @param bytes their size
   */
  public record InUse(long slices, long bytes) {}

  /** Slices that are not pending, each once. */
  public InUse inUse() {
    long count = 0;
    long bytes = 0;
    byte[] previous = {};
    try (SortedRows rows = slices.sorted()) {
      for (byte[] row = rows.next(); row != null; row = rows.next()) {
        byte[] stem = Known.stemOf(row);
        ByteBuffer value = ByteBuffer.wrap(row, stem.length + 1, VALUE_BYTES - 1);
        if (!Arrays.equals(stem, previous) && value.get() < Use.PENDING.rank()) {
          count++;
          bytes += value.getInt();
        }
        previous = stem;
      }
    }
    return new InUse(count, bytes);
  }

  /**
   * Judges every object below {@code chunks/}.
   *
   * @param before objects that are not older are skipped
   * @param leaked is told of what nobody knows
   * @param progress told of every object
   */
  public Tallies run(
      ObjectStore store, Instant before, Consumer<ObjectInfo> leaked, Runnable progress)
      throws IOException {
    Tallies tallies = new Tallies();
    try (Known known = new Known(slices.sorted())) {
      StoredObjects objects = new StoredObjects(store, "chunks/");
      for (ObjectInfo object = objects.next(); object != null; object = objects.next()) {
        progress.run();
        BlockKey block = naming.parse(object.key());
        if (block != null || FileObjectStore.isUnfinished(object.key())) {
          Verdict verdict =
              object.modified().isBefore(before) ? judge(block, known) : Verdict.SKIPPED;
          tallies.add(verdict, object);
          if (verdict == Verdict.LEAKED) {
            leaked.accept(object);
          }
        }
      }
    }
    return tallies;
  }

  /** A block, or (null) a part of one that a writer which died has left. */
  private Verdict judge(@Nullable BlockKey block, Known known) {
    if (block == null) {
      return Verdict.LEAKED;
    }
    for (Mention mention : known.of(stem(block.id()))) {
      if (isPart(block, mention.size)) {
        return switch (mention.use) {
          case LIVE -> Verdict.VALID;
          case DELAYED -> Verdict.COMPACTED;
          case PENDING -> Verdict.PENDING;
        };
      }
    }
    return Verdict.LEAKED;
  }

  private boolean isPart(BlockKey block, int sliceBytes) {
    SliceLayout layout = new SliceLayout(block.id(), sliceBytes, blockSizeBytes);
    return block.index() < layout.blockCount() && layout.block(block.index()).equals(block);
  }

  private record Mention(Use use, int size) {}

  /** A walk over the known slices, in the order of their stems. */
  private static final class Known implements AutoCloseable {
    private final SortedRows rows;
    private byte @Nullable [] row;
    private byte[] stem = {};
    private List<Mention> mentions = List.of();

    Known(SortedRows rows) {
      this.rows = rows;
      this.row = rows.next();
    }

    /** What is known of a slice, strongest reason first; stems only ascend. */
    List<Mention> of(byte[] wanted) {
      while (row != null && Arrays.compareUnsigned(stem, wanted) < 0) {
        readGroup(row);
      }
      return Arrays.equals(stem, wanted) ? mentions : List.of();
    }

    private void readGroup(byte[] first) {
      stem = stemOf(first);
      mentions = new ArrayList<>();
      byte[] previous = null;
      for (byte[] next = first; next != null; next = rows.next()) {
        if (!Arrays.equals(stemOf(next), stem)) {
          row = next;
          return;
        }
        if (!Arrays.equals(previous, next)) {
          ByteBuffer value = ByteBuffer.wrap(next, stem.length + 1, VALUE_BYTES - 1);
          mentions.add(new Mention(Use.ofRank(value.get()), value.getInt()));
        }
        previous = next;
      }
      row = null;
    }

    private static byte[] stemOf(byte[] row) {
      return Arrays.copyOf(row, row.length - VALUE_BYTES);
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  @Override
  public void close() {
    slices.close();
  }
}
