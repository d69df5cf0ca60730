package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.tikv.proto.Mutation;
import io.jfs.meta.engine.kv.tikv.proto.Op;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction does to each key: puts, deletes, and locks where a key must only stay as it
 * was seen. In key order.
 */
final class Changes {
  private final KeySpace keys;
  private final TreeMap<ByteString, Mutation> mutations = new TreeMap<>(KnownRegion.KEY_ORDER);

  private Changes(KeySpace keys) {
    this.keys = keys;
  }

  /**
   * @param written what {@code seen} says that each write leaves behind
   */
  static Changes of(
      KeySpace keys,
      List<KvCheck> checks,
      List<KvWrite> writes,
      List<@Nullable KvPair> written,
      ReadSet seen) {
    Changes changes = new Changes(keys);
    // First what goes: a range is emptied around the keys that the same commit puts.
    for (KvWrite write : writes) {
      if (write instanceof KvWrite.DeletePrefix range) {
        seen.keys(range).forEach(key -> changes.add(Op.DEL, key, null));
      }
    }
    for (int i = 0; i < writes.size(); i++) {
      changes.add(writes.get(i), written.get(i), seen);
    }
    for (KvCheck check : checks) {
      if (check.query().isPoint()) {
        changes.lock(check.query().start());
      }
    }
    return changes;
  }

  private void add(KvWrite write, @Nullable KvPair result, ReadSet seen) {
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

  private void lock(byte[] key) {
    if (!mutations.containsKey(keys.key(key))) {
      add(Op.LOCK, key, null);
    }
  }

  List<Mutation> mutations() {
    return List.copyOf(mutations.values());
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
