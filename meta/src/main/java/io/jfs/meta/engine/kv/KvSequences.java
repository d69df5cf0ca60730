package io.jfs.meta.engine.kv;

import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.codec.LongCodec;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.EngineException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Id sequences. Inodes and slices are stored as the next free id, the others as the last one used;
 * metadata spec 4.3.
 */
final class KvSequences {
  private final OrderedKv kv;

  KvSequences(OrderedKv kv) {
    this.kv = kv;
  }

  long allocate(Sequence sequence, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count " + count);
    }
    byte[] key = KvLayout.sequenceKey(sequence);
    KvWrite add =
        new KvWrite.Edit(
            key, stored -> LongCodec.LITTLE_ENDIAN.encode(current(sequence, stored) + count));
    while (true) {
      KvOutcome outcome = kv.commit(List.of(), List.of(add));
      if (outcome.status() == Status.COMMITTED) {
        byte[] stored = Objects.requireNonNull(outcome.written().get(0)).value();
        return firstFree(sequence, stored) - count;
      }
      if (outcome.status() == Status.UNKNOWN) {
        throw new EngineException(
            EngineException.Kind.TRANSIENT, "answer lost while allocating " + sequence, null);
      }
    }
  }

  long peek(Sequence sequence) {
    KvQuery query = KvQuery.key(KvLayout.sequenceKey(sequence));
    KvPair pair = kv.read(snapshot -> snapshot.read(List.of(query)).get(0).single());
    return firstFree(sequence, KvPair.valueOf(pair));
  }

  private static long current(Sequence sequence, byte @Nullable [] stored) {
    if (stored != null) {
      return LongCodec.LITTLE_ENDIAN.decode(stored, sequence);
    }
    return switch (sequence) {
      case INODE -> 2;
      case SLICE -> 1;
      case SESSION, TRASH_DIR, ACL -> 0;
    };
  }

  private static long firstFree(Sequence sequence, byte @Nullable [] stored) {
    long current = current(sequence, stored);
    return switch (sequence) {
      case INODE, SLICE -> current;
      case SESSION, TRASH_DIR, ACL -> current + 1;
    };
  }
}
