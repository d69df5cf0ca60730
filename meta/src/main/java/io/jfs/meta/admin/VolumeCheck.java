package io.jfs.meta.admin;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says what does not add up in a volume's metadata, from its records alone. Changes nothing. On a
 * volume in use one look may report what is just being changed; what two looks some seconds apart
 * say alike is so ({@link #confirmed}).
 */
public final class VolumeCheck {
  private static final int DIRECTORY_MODE = 0755;

  private VolumeCheck() {}

  /** Everything that is wrong; empty if nothing is. */
  public static List<Finding> run(Engine engine) {
    return run(engine, DIRECTORY_MODE);
  }

  /** As {@link #run(Engine)}; a directory that is repaired gets this mode. */
  public static List<Finding> run(Engine engine, int directoryMode) {
    Scans scans = new Scans(engine);
    List<Finding> findings = new ArrayList<>();
    Timestamp now = Timestamp.of(InstantSource.system().instant());
    TreeCheck tree = new TreeCheck(scans, new TreeRemedies(directoryMode, now), findings::add);
    tree.run();
    new ClientCheck(scans, tree, findings::add).run();
    tree.judge();
    new SliceCheck(scans, tree, findings::add).run();
    return findings;
  }

  /** What a later look says, too, in the same words: with those values nothing is under way. */
  public static List<Finding> confirmed(List<Finding> earlier, List<Finding> later) {
    Map<Ino, List<Finding>> known = new HashMap<>();
    earlier.forEach(f -> known.computeIfAbsent(f.ino(), i -> new ArrayList<>()).add(f));
    return later.stream()
        .filter(
            f ->
                known.getOrDefault(f.ino(), List.of()).stream()
                    .anyMatch(before -> before.saysTheSameAs(f)))
        .toList();
  }

  /**
   * How often each slice is referred to by chunks and by delayed compactions: what its count should
   * say.
   */
  public static Map<SliceId, Long> references(Engine engine) {
    return SliceCheck.references(new Scans(engine));
  }

  /**
   * Slices as objects are to be looked for.
   *
   * @param needed those of files: every block must be there
   * @param other those of files that wait for deletion, replaced by compaction, or about to be
   *     deleted: blocks may be there
   */
  public record SliceUse(Set<SliceId> needed, Set<SliceId> other) {}

  /** Which slices the files of a scope need, and which others there are in the volume. */
  public static SliceUse slices(Engine engine, Predicate<Ino> scope) {
    Scans scans = new Scans(engine);
    Set<Ino> deleted = new HashSet<>();
    scans.each(Records.DELETED_FILE, (volume, file, since) -> deleted.add(file.ino()));
    Set<SliceId> needed = new HashSet<>();
    Set<SliceId> other = new HashSet<>();
    scans.each(
        Records.CHUNK,
        (chunk, records) -> {
          boolean asked = scope.test(chunk.ino()) && !deleted.contains(chunk.ino());
          for (Slice record : records) {
            if (!record.isHole()) {
              (asked ? needed : other).add(new SliceId(record.id(), record.size()));
            }
          }
        });
    scans.each(Records.DELAYED_SLICES, (row, slices) -> other.addAll(slices));
    scans.each(Records.SLICE_REF, (slice, others) -> other.add(slice));
    other.removeAll(needed);
    return new SliceUse(needed, other);
  }

  /** Which inodes' chunks mention some slices. */
  public static Map<SliceId, Set<Ino>> owners(Engine engine, Set<SliceId> slices) {
    Map<SliceId, Set<Ino>> owners = new HashMap<>();
    new Scans(engine)
        .each(
            Records.CHUNK,
            (chunk, records) ->
                records.forEach(
                    record -> {
                      SliceId slice = new SliceId(record.id(), record.size());
                      if (!record.isHole() && slices.contains(slice)) {
                        owners.computeIfAbsent(slice, s -> new HashSet<>()).add(chunk.ino());
                      }
                    }));
    return owners;
  }
}
