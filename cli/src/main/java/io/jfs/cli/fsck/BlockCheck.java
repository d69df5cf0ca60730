package io.jfs.cli.fsck;

import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.BlockNaming;
import io.jfs.chunk.block.SliceLayout;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.admin.VolumeCheck.SliceUse;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.SliceId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the blocks that slices need with the objects that are there. Goes through the listing of
 * all blocks once, and asks for those that it did not meet. Data spec 5.7.
 */
public final class BlockCheck {
  private static final Logger log = LoggerFactory.getLogger(BlockCheck.class);
  private static final int PAGE = 1000;

  /** A younger block may belong to a slice that is not committed yet. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final ObjectStore store;
  private final BlockNaming naming;
  private final int blockSizeBytes;
  private final boolean plain;
  private final Instant now;
  private final Map<SliceId, BitSet> met = new HashMap<>();
  private final List<Lost> truncated = new ArrayList<>();
  private final List<String> leaked = new ArrayList<>();

  /** Checks a volume's blocks in its store. */
  public BlockCheck(Format format, ObjectStore store, Instant now) {
    this.store = store;
    this.naming = BlockNaming.of(format.hashPrefix());
    this.blockSizeBytes = format.blockSizeBytes();
    this.plain = format.compression().equals("none") && format.text("EncryptKey").isEmpty();
    this.now = now;
  }

  /**
   * A block that is not there, or not whole.
   *
   * @param slice that needs it
   * @param name of the object, within the volume
   * @param sizeBytes that it should have, uncompressed
   * @param trouble what is wrong
   */
  public record Lost(SliceId slice, String name, int sizeBytes, String trouble) {}

  /** Blocks that a scope's slices need and do not have. Leaked ones: {@link #leaked}. */
  public List<Lost> run(SliceUse use, boolean wholeVolume) throws IOException {
    long bytes = use.needed().stream().mapToLong(SliceId::size).sum();
    try (Progress progress = Progress.onStandardError()) {
      if (wholeVolume) {
        list(use, progress.spinner("Found blocks", Unit.COUNT));
      }
      Counter slices = progress.bar("Checked slices", Unit.COUNT, use.needed().size());
      List<Lost> lost = new ArrayList<>();
      for (SliceId slice : use.needed()) {
        check(slice, lost);
        slices.increment();
      }
      log.info("Used by {} slices ({} bytes)", use.needed().size(), bytes);
      lost.addAll(truncated);
      return lost;
    }
  }

  /** Objects that no slice of the volume knows, and that are older than an hour. */
  public List<String> leaked() {
    return leaked;
  }

  private void list(SliceUse use, Counter found) throws IOException {
    Map<Long, SliceId> needed =
        use.needed().stream().collect(Collectors.toMap(SliceId::id, s -> s, (a, b) -> a));
    Set<Long> others = use.other().stream().map(SliceId::id).collect(Collectors.toSet());
    long bytes = 0;
    String after = "";
    List<ObjectInfo> page;
    do {
      page = store.list("chunks/", after, PAGE);
      for (ObjectInfo object : page) {
        BlockKey key = naming.parse(object.key());
        if (key != null) {
          found.increment();
          bytes += object.sizeBytes();
          meet(object, key, needed.get(key.id()), others);
        }
      }
      after = page.isEmpty() ? after : page.get(page.size() - 1).key();
    } while (page.size() == PAGE);
    found.end();
    log.info("Found {} blocks ({} bytes)", found.value(), bytes);
  }

  private void meet(ObjectInfo object, BlockKey key, @Nullable SliceId slice, Set<Long> others) {
    if (slice != null && isBlockOf(slice, key)) {
      met.computeIfAbsent(slice, s -> new BitSet()).set(key.index());
      checkSize(slice, key, object);
    } else if (!others.contains(key.id()) && object.modified().isBefore(now.minus(YOUNG))) {
      leaked.add(object.key());
    }
  }

  private boolean isBlockOf(SliceId slice, BlockKey key) {
    SliceLayout layout = new SliceLayout(slice.id(), slice.size(), blockSizeBytes);
    return key.index() < layout.blockCount() && layout.block(key.index()).equals(key);
  }

  /** What compression and encryption make of a size is not known before reading. */
  private void checkSize(SliceId slice, BlockKey key, ObjectInfo object) {
    boolean whole = plain ? object.sizeBytes() == key.sizeBytes() : object.sizeBytes() > 0;
    if (!whole) {
      truncated.add(
          new Lost(
              slice, object.key(), key.sizeBytes(), "it has " + object.sizeBytes() + " bytes"));
    }
  }

  private void check(SliceId slice, List<Lost> lost) throws IOException {
    SliceLayout layout = new SliceLayout(slice.id(), slice.size(), blockSizeBytes);
    BitSet there = met.get(slice);
    for (BlockKey block : layout.blocks()) {
      if (there == null || !there.get(block.index())) {
        String name = naming.name(block);
        ObjectInfo object = store.head(name);
        if (object == null) {
          lost.add(new Lost(slice, name, block.sizeBytes(), "no such object"));
        } else {
          checkSize(slice, block, object);
        }
      }
    }
  }
}
