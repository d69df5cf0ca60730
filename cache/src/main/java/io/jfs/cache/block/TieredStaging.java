package io.jfs.cache.block;

import io.jfs.cache.page.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Staged blocks of several folders, each in the folder that its cached block belongs to. */
final class TieredStaging implements StagingArea {
  private final List<DiskCache> disks;
  private final Function<BlockKey, DiskCache> diskOf;

  TieredStaging(List<DiskCache> disks, Function<BlockKey, DiskCache> diskOf) {
    this.disks = disks;
    this.diskOf = diskOf;
  }

  @Override
  public Outcome stage(BlockKey key, Page block) {
    return diskOf.apply(key).stage(key, block);
  }

  @Override
  public List<Staged> scan() {
    List<Staged> all = new ArrayList<>();
    disks.forEach(disk -> all.addAll(disk.staging().scan()));
    all.sort(
        Comparator.comparing(Staged::since)
            .thenComparing(staged -> staged.key().id())
            .thenComparing(staged -> staged.key().index()));
    return all;
  }

  /** A folder may have been added since, so that the block lies elsewhere. */
  @Override
  public @Nullable Page load(BlockKey key) throws IOException {
    Page found = diskOf.apply(key).staging().load(key);
    for (int i = 0; found == null && i < disks.size(); i++) {
      found = disks.get(i).staging().load(key);
    }
    return found;
  }

  @Override
  public void uploaded(BlockKey key) {
    disks.stream().filter(disk -> disk.isStaged(key)).forEach(disk -> disk.staging().uploaded(key));
  }

  @Override
  public void drop(BlockKey key) {
    disks.stream().filter(disk -> disk.isStaged(key)).forEach(disk -> disk.staging().drop(key));
  }

  @Override
  public long stagedBlocks() {
    return disks.stream().mapToLong(disk -> disk.index().stagedBlocks()).sum();
  }

  @Override
  public long stagedBytes() {
    return disks.stream().mapToLong(disk -> disk.index().stagedBytes()).sum();
  }

  @Override
  public boolean isSpaceShort() {
    return disks.stream().anyMatch(disk -> disk.keeper().isSpaceShort());
  }
}
