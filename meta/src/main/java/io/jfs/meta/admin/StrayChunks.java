package io.jfs.meta.admin;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds chunks that nobody can reach and nobody will delete: their inode is not there, no entry
 * leads to it, no session holds it, and it does not wait for deletion. They are left by clients
 * that died while they deleted a file, and behind holes of deleted sparse files.
 *
 * <p>On a volume in use this is no guess, because of the order in which things are looked at. A
 * chunk is written only while its inode is there, and numbers of inodes are never used again: so a
 * chunk whose inode is missing later belongs to a file that was deleted. What deletes the inode
 * says in the same commit that its data has to go, and that is only forgotten when the data has
 * gone. So if nothing says so after the inode was found missing, and the chunk is there after that,
 * it stays.
 */
public final class StrayChunks {
  private static final int BATCH = 500;

  private final Engine engine;
  private final Scans scans;
  private final List<Stray> pending = new ArrayList<>();
  private final List<Stray> found = new ArrayList<>();

  /**
   * A chunk of a file that is not there.
   *
   * @param chunk where it is
   * @param slices how many records it has
   * @param bytes that these show
   */
  public record Stray(ChunkKey chunk, int slices, long bytes) {}

  private StrayChunks(Engine engine) {
    this.engine = engine;
    this.scans = new Scans(engine);
  }

  /** All of a volume. Memory grows with what is found, not with the volume. */
  public static List<Stray> find(Engine engine) {
    return new StrayChunks(engine).run();
  }

  private List<Stray> run() {
    scans.each(
        Records.CHUNK,
        (chunk, records) -> {
          long bytes = records.stream().filter(r -> !r.isHole()).mapToLong(Slice::len).sum();
          pending.add(new Stray(chunk, records.size(), bytes));
          if (pending.size() == BATCH) {
            judge();
          }
        });
    judge();
    if (!found.isEmpty()) {
      excuse();
    }
    return List.copyOf(found);
  }

  private void judge() {
    Set<Ino> inodes = inodes(pending);
    Set<Ino> missing = inodes.isEmpty() ? Set.of() : missing(inodes);
    pending.stream().filter(stray -> missing.contains(stray.chunk.ino())).forEach(found::add);
    pending.clear();
  }

  private static Set<Ino> inodes(List<Stray> strays) {
    Set<Ino> inodes = new HashSet<>();
    strays.forEach(stray -> inodes.add(stray.chunk.ino()));
    return inodes;
  }

  private Set<Ino> missing(Set<Ino> inodes) {
    Set<Ino> missing = new HashSet<>();
    try {
      List<Ref> refs = new ArrayList<>();
      inodes.forEach(ino -> refs.add(new Ref.OfCell<>(Records.ATTR, ino)));
      Map<Ref, Observed> seen = engine.fetch(refs);
      for (Ino ino : inodes) {
        Observed observed = seen.get(new Ref.OfCell<>(Records.ATTR, ino));
        if (observed != null && observed.value() == null) {
          missing.add(ino);
        }
      }
    } catch (CorruptRecordException e) {
      if (inodes.size() > 1) { // one by one: whose attributes cannot be read is there
        inodes.forEach(ino -> missing.addAll(missing(Set.of(ino))));
      }
    }
    return missing;
  }

  /** Whatever still speaks of an inode protects its chunks: fsck may be able to repair it. */
  private void excuse() {
    Set<Ino> inodes = inodes(found);
    scans.each(Records.DELETED_FILE, (volume, file, since) -> inodes.remove(file.ino()));
    scans.each(Records.SUSTAINED, (session, ino, held) -> inodes.remove(ino));
    scans.each(Records.DENTRY, (directory, name, dentry) -> inodes.remove(dentry.ino()));
    found.removeIf(stray -> !inodes.contains(stray.chunk.ino()));
    found.removeIf(stray -> !isThere(stray.chunk));
  }

  private boolean isThere(ChunkKey chunk) {
    Ref ref = new Ref.OfLog<>(Records.CHUNK, chunk);
    Observed observed = engine.fetch(List.of(ref)).get(ref);
    return observed != null && observed.value() instanceof List<?> records && !records.isEmpty();
  }
}
