package io.jfs.meta.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Lease;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.CommitOutcome.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Runs the same random transactions on two engines: every read, every outcome and the dump at the
 * end must be the same. Values never repeat, so that it does not matter whether an engine compares
 * values or versions; logs that grew are only observed afresh.
 */
public final class EngineDifferential {
  private final Engine left;
  private final Engine right;
  private final Random random;
  private final List<Held> held = new ArrayList<>();
  private long unique;

  /** Reads of a while ago, to commit against later. */
  private record Held(Map<Ref, Observed> left, Map<Ref, Observed> right) {}

  private EngineDifferential(Engine left, Engine right, long seed) {
    this.left = left;
    this.right = right;
    this.random = new Random(seed);
  }

  /** Runs {@code steps} random transactions on two empty volumes. */
  public static void run(Engine left, Engine right, long seed, int steps) {
    EngineDifferential differential = new EngineDifferential(left, right, seed);
    int conflicts = 0;
    for (int i = 0; i < steps; i++) {
      conflicts += differential.step("seed " + seed + " step " + i) == Status.CONFLICT ? 1 : 0;
    }
    assertThat(conflicts).as("conflicts met").isBetween(1, steps - 1);
    String expected = EngineDump.of(left, 50);
    assertThat(EngineDump.of(right, 7)).isEqualTo(expected);
    assertThat(expected.lines().count()).isGreaterThan(5);
  }

  private Status step(String where) {
    Set<Ref> refs = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      refs.add(ref());
    }
    Held fresh = new Held(left.fetch(refs), right.fetch(refs));
    assertThat(shown(fresh.right)).as(where + " reads").isEqualTo(shown(fresh.left));
    Held used = fresh;
    if (random.nextInt(3) == 0 && !held.isEmpty()) {
      used = held.get(random.nextInt(held.size()));
    }
    remember(fresh);
    List<Mutation> mutations = mutations(used);
    CommitOutcome one = left.commit(new Commit(validated(used.left), mutations));
    CommitOutcome two = right.commit(new Commit(validated(used.right), mutations));
    assertThat(two.status()).as(where + " outcome of " + mutations).isEqualTo(one.status());
    return one.status();
  }

  private void remember(Held fresh) {
    if (fresh.left.keySet().stream().noneMatch(EngineDifferential::isUnfit)) {
      held.add(fresh);
      if (held.size() > 10) {
        held.remove(0);
      }
    }
  }

  /** Places whose values repeat, or that an engine may watch more coarsely than asked. */
  private static boolean isUnfit(Ref ref) {
    return ref instanceof Ref.OfLog
        || ref instanceof Ref.OfEmptiness
        || ref instanceof Ref.OfField
        || (ref instanceof Ref.OfRows<?, ?, ?> rows && rows.table() == Records.FLOCK)
        || (ref instanceof Ref.OfCell<?, ?> cell && cell.cell() == Records.QUOTA);
  }

  private static Map<Ref, Observed> validated(Map<Ref, Observed> observed) {
    Map<Ref, Observed> validated = new LinkedHashMap<>(observed);
    validated.keySet().removeIf(ref -> ref instanceof Ref.OfChunkIndexes);
    return validated;
  }

  private static String shown(Map<Ref, Observed> answer) {
    Map<String, Object> shown = new LinkedHashMap<>();
    answer.forEach((ref, observed) -> shown.put(ref.toString(), EngineDump.show(observed.value())));
    return EngineDump.show(shown);
  }

  private Ino ino() {
    return new Ino(2 + random.nextInt(3));
  }

  private Name name() {
    return Name.of("n" + random.nextInt(3));
  }

  private ChunkKey chunk() {
    return new ChunkKey(ino(), random.nextInt(2));
  }

  private LockOwner owner() {
    return new LockOwner(1 + random.nextInt(2), random.nextInt(2));
  }

  private QuotaKey quota() {
    return new QuotaKey(QuotaKey.Kind.values()[random.nextInt(3)], random.nextInt(2));
  }

  private Ref ref() {
    return switch (random.nextInt(14)) {
      case 0 -> new Ref.OfCell<>(Records.ATTR, ino());
      case 1 -> new Ref.OfField<>(Records.DENTRY, ino(), name());
      case 2 -> new Ref.OfAttrBehind(ino(), name());
      case 3 -> new Ref.OfRows<>(Records.XATTR, ino());
      case 4 -> new Ref.OfEmptiness<>(Records.DENTRY, ino());
      case 5 -> new Ref.OfLog<>(Records.CHUNK, chunk());
      case 6 -> new Ref.OfCounter<>(Records.DIR_STAT, ino());
      case 7 -> new Ref.OfRows<>(Records.FLOCK, ino());
      case 8 -> new Ref.OfRows<>(Records.PLOCK, ino());
      case 9 -> new Ref.OfCell<>(Records.QUOTA, quota());
      case 10 -> new Ref.OfRows<>(Records.PARENT, ino());
      case 11 -> new Ref.OfChunkIndexes(Records.CHUNK, ino(), 0, 4);
      case 12 -> new Ref.OfCell<>(Records.SYMLINK, ino());
      default -> new Ref.OfField<>(Records.SUSTAINED, 1L, ino());
    };
  }

  private byte[] bytes() {
    return ByteBuffer.allocate(8).putLong(++unique).array();
  }

  /** A few mutations, at most one per place, locks only where the table was read. */
  private List<Mutation> mutations(Held read) {
    List<Mutation> mutations = new ArrayList<>();
    Set<Object> places = new HashSet<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      for (Mutation mutation : mutation(read)) {
        if (places.add(family(mutation))) {
          mutations.add(mutation);
        }
      }
    }
    return mutations;
  }

  /** Whole tables count as one place, so that a Clear never meets another change of its table. */
  private static Object family(Mutation mutation) {
    Ref place = MutationPlaces.of(mutation);
    return place instanceof Ref.OfField<?, ?, ?> field
        ? new Ref.OfRows<>(cast(field.table()), (Object) field.key())
        : place;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T cast(Object table) {
    return (T) table;
  }

  private List<? extends Mutation> mutation(Held read) {
    Ino ino = ino();
    return switch (random.nextInt(21)) {
      case 0, 1 -> List.of(new Mutation.Put<>(Records.ATTR, ino, EngineContract.attr(++unique)));
      case 2 -> List.of(new Mutation.Delete<>(Records.ATTR, ino));
      case 3, 4 ->
          List.of(
              new Mutation.PutField<>(
                  Records.DENTRY,
                  ino,
                  name(),
                  new Dentry(FileType.REGULAR, new Ino(2 + random.nextInt(4)))));
      case 5 -> List.of(new Mutation.RemoveField<>(Records.DENTRY, ino, name()));
      case 6 -> List.of(new Mutation.PutField<>(Records.XATTR, ino, name(), bytes()));
      case 7 -> List.of(new Mutation.Clear<>(Records.XATTR, ino));
      case 8, 9 ->
          List.of(
              new Mutation.Append<>(
                  Records.CHUNK, chunk(), List.of(EngineContract.slice(++unique))));
      case 10 -> List.of(new Mutation.DeleteLog<>(Records.CHUNK, chunk()));
      case 11 -> compaction(read);
      case 12 ->
          List.of(
              new Mutation.SetCounter<>(Records.DIR_STAT, ino, new long[] {++unique, ++unique, 1}));
      case 13 ->
          List.of(new Mutation.AddIfPresent<>(Records.DIR_STAT, ino, new long[] {1, 4096, 1}));
      case 14 ->
          List.of(
              new Mutation.Add<>(
                  Records.SLICE_REF, new SliceId(random.nextInt(3) + 1, 10), new long[] {1}));
      case 15 -> locks(read);
      case 16 -> quotaChange();
      case 17 -> List.of(new Mutation.PutField<>(Records.PARENT, ino, ino(), ++unique));
      case 18 -> List.of(new Mutation.PutField<>(Records.SUSTAINED, 1L, ino, true));
      case 19 ->
          List.of(
              new Mutation.Put<>(
                  Records.DELAYED_SLICES,
                  new DelayedSlice(++unique, 99),
                  List.of(new SliceId(++unique, 5))),
              new Mutation.Put<>(Records.SYMLINK, ino, bytes()),
              new Mutation.Put<>(Records.LEASE, Lease.CLEANUP_FILES, ++unique));
      default ->
          List.of(
              new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
              new Mutation.PutField<>(
                  Records.DELETED_FILE,
                  Volume.KEY,
                  new Records.DeletedFile(ino, ++unique),
                  unique));
    };
  }

  private List<? extends Mutation> compaction(Held read) {
    for (Map.Entry<Ref, Observed> seen : read.left.entrySet()) {
      if (seen.getKey() instanceof Ref.OfLog<?, ?> log
          && seen.getValue().value() instanceof List<?> slices
          && !slices.isEmpty()) {
        return List.of(
            new Mutation.ReplaceHead<>(
                Records.CHUNK,
                (ChunkKey) log.key(),
                1 + random.nextInt(slices.size()),
                List.of(EngineContract.slice(++unique))));
      }
    }
    return List.of();
  }

  private List<? extends Mutation> locks(Held read) {
    for (Ref ref : read.left.keySet()) {
      if (ref instanceof Ref.OfRows<?, ?, ?> rows && rows.table() == Records.FLOCK) {
        return random.nextBoolean()
            ? List.of(
                new Mutation.PutField<>(
                    Records.FLOCK, (Ino) rows.key(), owner(), random.nextBoolean()))
            : List.of(new Mutation.RemoveField<>(Records.FLOCK, (Ino) rows.key(), owner()));
      }
      if (ref instanceof Ref.OfRows<?, ?, ?> rows && rows.table() == Records.PLOCK) {
        return List.of(
            new Mutation.PutField<>(
                Records.PLOCK,
                (Ino) rows.key(),
                owner(),
                List.of(new PosixLock(true, 7, ++unique, unique + 5))));
      }
    }
    return List.of();
  }

  /** Limits and usage live and die together. */
  private List<? extends Mutation> quotaChange() {
    QuotaKey key = quota();
    return switch (random.nextInt(3)) {
      case 0 ->
          List.of(
              new Mutation.Put<>(Records.QUOTA, key, new QuotaLimits(++unique, 10)),
              new Mutation.SetCounter<>(Records.QUOTA_USED, key, new long[] {0, 0}));
      case 1 -> List.of(new Mutation.AddIfPresent<>(Records.QUOTA_USED, key, new long[] {4096, 1}));
      default ->
          List.of(
              new Mutation.Delete<>(Records.QUOTA, key),
              new Mutation.DeleteCounter<>(Records.QUOTA_USED, key));
    };
  }
}
