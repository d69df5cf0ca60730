package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.RangeGuards;
import io.jfs.meta.engine.kv.tikv.proto.Mutation;
import io.jfs.meta.engine.kv.tikv.proto.Op;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction does to each key: puts, deletes, and locks where a key must only stay as it
 * was seen (which readers pass, unlike a put of the same value). In key order.
 */
final class Changes {
  private final KeySpace keys;
  private final ReadSet seen;
  private final TreeMap<ByteString, Mutation> mutations = new TreeMap<>(KnownRegion.KEY_ORDER);

  private Changes(KeySpace keys, ReadSet seen) {
    this.keys = keys;
    this.seen = seen;
  }

  /**
   * What writes change.
   *
   * @param written what {@code seen} says that each write leaves behind
   */
  static Changes of(
      KeySpace keys, List<KvWrite> writes, List<@Nullable KvPair> written, ReadSet seen) {
    Changes changes = new Changes(keys, seen);
    // First what goes: a range is emptied around the keys that the same commit puts.
    for (KvWrite write : writes) {
      if (write instanceof KvWrite.DeletePrefix range) {
        seen.keys(range).forEach(key -> changes.add(Op.DEL, key, null));
      }
    }
    for (int i = 0; i < writes.size(); i++) {
      changes.add(writes.get(i), written.get(i));
    }
    return changes;
  }

  /** Adds what sees to it that checks still hold when the changes are committed. */
  void keep(List<KvCheck> checks, List<@Nullable KvPair> written) {
    for (KvCheck check : checks) {
      if (check.query().isPoint()) {
        keep(check.query().start());
      } else if (check instanceof KvCheck.Empty empty) {
        keepGuard(empty.prefix());
      }
    }
    for (KvPair put : written) {
      if (put != null) {
        keepGuard(put.key());
      }
    }
  }

  /** Whether {@link #keep} can do that for a check. */
  static boolean isKept(KvCheck check) {
    return check.query().isPoint()
        || (check instanceof KvCheck.Empty empty && RangeGuards.of(empty.prefix()) != null);
  }

  private void keepGuard(byte[] keyOrPrefix) {
    byte[] guard = RangeGuards.of(keyOrPrefix);
    if (guard != null) {
      keep(guard);
    }
  }

  private void keep(byte[] key) {
    if (!mutations.containsKey(keys.key(key))) {
      add(Op.LOCK, key, null);
    }
  }

  private void add(KvWrite write, @Nullable KvPair result) {
    if (result != null) {
      add(Op.PUT, result.key(), result.value());
    } else if (write instanceof KvWrite.Delete delete) {
      add(Op.DEL, delete.key(), null);
    } else if (write instanceof KvWrite.Edit edit) {
      // Made of nothing and left as nothing: true only as long as nothing is there.
      add(seen.get(edit.key()) == null ? Op.LOCK : Op.DEL, edit.key(), null);
    }
  }

  private void add(Op op, byte[] key, byte @Nullable [] value) {
    Mutation.Builder mutation = Mutation.newBuilder().setOp(op).setKey(keys.key(key));
    if (value != null) {
      mutation.setValue(UnsafeByteOperations.unsafeWrap(value));
    }
    mutations.put(mutation.getKey(), mutation.build());
  }

  List<Mutation> mutations() {
    return List.copyOf(mutations.values());
  }

  /** All keys that the transaction changes or locks, as the volume knows them. */
  List<byte[]> keys() {
    return mutations.keySet().stream().map(keys::own).toList();
  }

  /** A key that the transaction changes; null if it changes none. */
  @Nullable ByteString primary() {
    return mutations.values().stream()
        .filter(mutation -> mutation.getOp() != Op.LOCK)
        .map(Mutation::getKey)
        .findFirst()
        .orElse(null);
  }
}
