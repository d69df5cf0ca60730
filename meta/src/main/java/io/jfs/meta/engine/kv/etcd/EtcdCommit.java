package io.jfs.meta.engine.kv.etcd;

import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.EngineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One commit as a Txn: If everything observed is unchanged, and every edited key is what the edit
 * started from, Then the changes, Else what is there instead. The Else answer tells a real conflict
 * from an edit that started from an old value, which is then started again.
 */
final class EtcdCommit {
  private final EtcdRequests requests;
  private final List<KvCheck> checks;
  private final List<KvWrite> writes;

  /** Keys that are edited, with what the edit starts from; in the order of the writes. */
  private final Map<Key, @Nullable KvPair> bases = new LinkedHashMap<>();

  private final Map<Key, @Nullable KvPair> observed = new HashMap<>();
  private final List<byte @Nullable []> results = new ArrayList<>();

  EtcdCommit(
      EtcdRequests requests, List<KvCheck> checks, List<KvWrite> writes, EditBases remembered) {
    this.requests = requests;
    this.checks = checks;
    this.writes = writes;
    for (KvCheck check : checks) {
      if (check instanceof KvCheck.SameValue same) {
        observed.put(new Key(same.key()), same.seen());
      } else if (check instanceof KvCheck.SamePart part) {
        observed.put(new Key(part.key()), part.seen());
      }
    }
    for (KvWrite write : writes) {
      if (write instanceof KvWrite.Edit edit) {
        Key key = new Key(edit.key());
        bases.put(key, observed.containsKey(key) ? observed.get(key) : remembered.get(edit.key()));
      }
    }
  }

  /** Whether all edits can be made of what they are thought to start from. */
  boolean suitsItsBases() {
    try {
      writes.forEach(this::result);
      return true;
    } catch (CorruptRecordException e) {
      return false; // a guess that was wrong, or a value that is
    }
  }

  /** How to read what edits start from. */
  List<KvQuery> edited() {
    return bases.keySet().stream().map(key -> KvQuery.key(key.bytes())).toList();
  }

  /** Starts unobserved edits from what {@link #edited()} found. */
  void startFrom(List<KvRows> rows) {
    int next = 0;
    for (Key key : List.copyOf(bases.keySet())) {
      KvPair now = rows.get(next++).single();
      if (!observed.containsKey(key)) {
        bases.put(key, now);
      }
    }
  }

  /** What the Else branch asks, in order: the checks' queries, then the edited keys. */
  private List<KvQuery> questions() {
    List<KvQuery> questions = new ArrayList<>();
    checks.forEach(check -> questions.add(check.query()));
    questions.addAll(edited());
    return questions;
  }

  /** The request, built on the bases as they are known now. */
  TxnRequest request() {
    TxnRequest.Builder request = compareAndChange();
    for (KvQuery question : questions()) {
      request.addFailure(requests.range(question, 0));
    }
    return checked(request);
  }

  /** The same, but Else asks for what this commit puts: sent after an answer was lost. */
  TxnRequest verifyingRequest() {
    TxnRequest.Builder request = compareAndChange();
    for (KvPair pair : puts()) {
      request.addFailure(requests.range(KvQuery.key(pair.key()), 0));
    }
    return checked(request);
  }

  private TxnRequest.Builder compareAndChange() {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    request.addAllCompare(compares());
    request.addAllSuccess(changes());
    return request;
  }

  private static TxnRequest checked(TxnRequest.Builder request) {
    refuseBeyond(request.getCompareCount(), "conditions");
    refuseBeyond(request.getSuccessCount(), "changes");
    refuseBeyond(request.getFailureCount(), "records read");
    return request.build();
  }

  private static void refuseBeyond(int count, String what) {
    if (count > EtcdSnapshot.MOST_OPERATIONS) {
      throw new EngineException(
          EngineException.Kind.FATAL,
          "one operation with "
              + count
              + " "
              + what
              + "; etcd takes "
              + EtcdSnapshot.MOST_OPERATIONS,
          null);
    }
  }

  private List<Compare> compares() {
    List<Compare> compares = new ArrayList<>();
    checks.forEach(check -> compares.addAll(requests.compares(check)));
    bases.forEach(
        (key, base) -> {
          if (!observed.containsKey(key)) {
            compares.add(requests.unchanged(key.bytes(), base));
          }
        });
    return compares;
  }

  private List<RequestOp> changes() {
    results.clear();
    List<RequestOp> changes = new ArrayList<>();
    for (KvWrite write : writes) {
      byte[] result = result(write);
      results.add(result);
      if (result != null) {
        changes.add(requests.put(keyOf(write), result));
      } else if (write instanceof KvWrite.Delete delete) {
        changes.add(requests.delete(delete.key()));
      } else if (write instanceof KvWrite.Edit edit && bases.get(new Key(edit.key())) != null) {
        changes.add(requests.delete(edit.key()));
      } else if (write instanceof KvWrite.DeletePrefix range) {
        changes.addAll(around(range));
      }
    }
    return changes;
  }

  private byte @Nullable [] result(KvWrite write) {
    if (write instanceof KvWrite.Put put) {
      return put.value();
    }
    if (write instanceof KvWrite.Edit edit) {
      KvPair base = bases.get(new Key(edit.key()));
      return edit.change().apply(base == null ? null : base.value());
    }
    return null;
  }

  private static byte[] keyOf(KvWrite write) {
    return write instanceof KvWrite.Put put ? put.key() : ((KvWrite.Edit) write).key();
  }

  /** A range without the keys that the same commit puts: etcd refuses to do both in one Txn. */
  private List<RequestOp> around(KvWrite.DeletePrefix range) {
    KvQuery whole = KvQuery.prefix(range.prefix());
    byte[] end = Objects.requireNonNull(whole.end());
    List<RequestOp> deletes = new ArrayList<>();
    byte[] from = whole.start();
    for (byte[] kept : putsWithin(whole)) {
      if (!Arrays.equals(from, kept)) {
        deletes.add(requests.deleteRange(from, kept));
      }
      from = Arrays.copyOf(kept, kept.length + 1);
    }
    deletes.add(requests.deleteRange(from, end));
    return deletes;
  }

  private List<byte[]> putsWithin(KvQuery range) {
    List<byte[]> keys = new ArrayList<>();
    for (KvWrite write : writes) {
      if (write instanceof KvWrite.Put put
          && Arrays.compareUnsigned(put.key(), range.start()) >= 0
          && !range.isPast(put.key())) {
        keys.add(put.key());
      }
    }
    keys.sort(Arrays::compareUnsigned);
    return keys;
  }

  /** The keys that the last request puts, with their values. */
  private List<KvPair> puts() {
    List<KvPair> puts = new ArrayList<>();
    for (int i = 0; i < writes.size(); i++) {
      byte[] result = results.get(i);
      if (result != null) {
        puts.add(new KvPair(keyOf(writes.get(i)), result, 0));
      }
    }
    return puts;
  }

  /** What a successful request left behind. */
  KvOutcome committed(long revision, EditBases remembered) {
    List<@Nullable KvPair> written = new ArrayList<>();
    for (int i = 0; i < writes.size(); i++) {
      byte[] result = results.get(i);
      KvWrite write = writes.get(i);
      KvPair pair = result == null ? null : new KvPair(keyOf(write), result, revision);
      if (write instanceof KvWrite.Edit edit) {
        remembered.learn(edit.key(), pair);
      }
      written.add(pair);
    }
    return KvOutcome.committed(written);
  }

  /**
   * What a refusal means: null if everything observed still holds and only edits started from old
   * values, which are now known, so that {@link #request()} is worth sending again.
   */
  @Nullable KvOutcome refused(TxnResponse response, EditBases remembered) {
    long revision = response.getHeader().getRevision();
    List<KvRows> fresh = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      fresh.add(requests.rows(response.getResponses(i), revision));
    }
    List<KvRows> edited = new ArrayList<>();
    for (int i = 0; i < bases.size(); i++) {
      edited.add(requests.rows(response.getResponses(checks.size() + i), revision));
    }
    startFrom(edited);
    bases.forEach((key, now) -> remembered.learn(key.bytes(), now));
    return allHold(fresh) ? null : new KvOutcome(Status.CONFLICT, fresh, List.of());
  }

  private boolean allHold(List<KvRows> fresh) {
    for (int i = 0; i < checks.size(); i++) {
      if (!holds(checks.get(i), fresh.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(KvCheck check, KvRows now) {
    if (check instanceof KvCheck.SameValue same) {
      return isUnchanged(same.seen(), now.single());
    }
    if (check instanceof KvCheck.SamePart part) {
      return isUnchanged(part.seen(), now.single());
    }
    if (check instanceof KvCheck.SameRows rows) {
      return isUnchanged(rows.seen().rows(), now.rows());
    }
    if (check instanceof KvCheck.NotEmpty some) {
      KvPair first = now.single();
      return first != null && Arrays.equals(first.key(), some.witness());
    }
    return now.rows().isEmpty();
  }

  private static boolean isUnchanged(@Nullable KvPair seen, @Nullable KvPair now) {
    if (seen == null || now == null) {
      return seen == null && now == null;
    }
    return seen.revision() == now.revision();
  }

  private static boolean isUnchanged(List<KvPair> seen, List<KvPair> now) {
    if (seen.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < seen.size(); i++) {
      if (seen.get(i).revision() != now.get(i).revision()
          || !Arrays.equals(seen.get(i).key(), now.get(i).key())) {
        return false;
      }
    }
    return true;
  }

  /**
   * The revision of an earlier request of this commit whose answer was lost, told from what a
   * {@link #verifyingRequest()} found: all that it puts, put at once. 0 if that cannot be said.
   */
  long revisionIfApplied(TxnResponse response) {
    List<KvPair> puts = puts();
    long revision = 0;
    for (int i = 0; i < puts.size(); i++) {
      KvPair now = requests.rows(response.getResponses(i), 0).single();
      if (now == null
          || !Arrays.equals(now.value(), puts.get(i).value())
          || (revision != 0 && now.revision() != revision)) {
        return 0;
      }
      revision = now.revision();
    }
    return revision;
  }
}
