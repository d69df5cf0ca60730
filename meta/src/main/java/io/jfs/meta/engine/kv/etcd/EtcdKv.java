package io.jfs.meta.engine.kv.etcd;

import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.OrderedKv;
import io.jfs.meta.engine.kv.etcd.EtcdFailure.Effect;
import io.jfs.meta.engine.kv.etcd.EtcdFailure.Next;
import io.jfs.meta.engine.kv.etcd.EtcdServers.FailedRequest;
import io.jfs.meta.txn.EngineException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An ordered store under a prefix of an etcd cluster. */
public final class EtcdKv implements OrderedKv {
  private static final long TIMEOUT_MILLIS = 5000;
  private static final int MOST_RESTARTS = 20;

  private final EtcdServers servers;
  private final EtcdRequests requests;
  private final EditBases bases = new EditBases();

  private EtcdKv(EtcdAddress address, long timeoutMillis) {
    this.servers = new EtcdServers(address, timeoutMillis);
    this.requests = new EtcdRequests(address.prefix());
  }

  /**
   * Connects to a cluster.
   *
   * @param environment for a password that the address leaves out: META_PASSWORD,
   *     META_PASSWORD_FILE
   * @throws EngineException FATAL for wrong addresses, certificates and passwords, TRANSIENT if no
   *     server answers
   */
  public static EtcdKv open(MetaUrl url, Map<String, String> environment) {
    EtcdKv kv = new EtcdKv(EtcdAddress.of(url, environment), TIMEOUT_MILLIS);
    try {
      KvQuery anything = new KvQuery(new byte[] {'s'}, null, 1, KvQuery.Wants.KEYS);
      kv.read(snapshot -> snapshot.read(List.of(anything)));
      return kv;
    } catch (RuntimeException e) {
      kv.close();
      throw e;
    }
  }

  @Override
  public String describe() {
    return servers.describe();
  }

  @Override
  public boolean remembersReads() {
    return true;
  }

  @Override
  public int commitLimit() {
    return EtcdSnapshot.MOST_OPERATIONS;
  }

  @Override
  public <R> R read(Function<Snapshot, R> body) {
    for (int attempt = 1; ; attempt++) {
      try {
        return body.apply(new EtcdSnapshot(servers, requests));
      } catch (EtcdSnapshot.TooOld e) {
        if (attempt == MOST_RESTARTS) {
          throw new EngineException(
              EngineException.Kind.TRANSIENT,
              servers.describe() + ": the server compacts faster than can be read",
              e);
        }
      }
    }
  }

  @Override
  public KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes) {
    if (checks.isEmpty() && writes.isEmpty()) {
      return KvOutcome.committed(List.of());
    }
    EtcdCommit commit = new EtcdCommit(requests, checks, writes, bases);
    if (!commit.suitsItsBases()) {
      List<KvQuery> edited = commit.edited();
      List<KvRows> rows = read(snapshot -> snapshot.read(edited));
      commit.startFrom(rows);
    }
    for (int start = 0; start < MOST_RESTARTS; start++) {
      KvOutcome outcome = attempt(commit);
      if (outcome != null) {
        return outcome;
      }
    }
    return KvOutcome.CONFLICT;
  }

  /** Sends a commit until an answer comes; null if its edits must start anew. */
  private @Nullable KvOutcome attempt(EtcdCommit commit) {
    TxnRequest request = commit.request();
    boolean maybeApplied = false;
    for (int tries = 1; ; tries++) {
      try {
        TxnResponse response = servers.send(maybeApplied ? commit.verifyingRequest() : request);
        if (response.getSucceeded()) {
          return commit.committed(response.getHeader().getRevision(), bases);
        }
        return maybeApplied
            ? resolved(commit, commit.revisionIfApplied(response))
            : commit.refused(response, bases);
      } catch (FailedRequest e) {
        EtcdFailure failure = e.failure();
        maybeApplied |= failure.effect() == Effect.MAYBE_APPLIED;
        if (failure.next() == Next.GIVE_UP || tries >= servers.attempts()) {
          if (maybeApplied) {
            return KvOutcome.UNKNOWN;
          }
          throw failure.exception(servers.describe());
        }
      }
    }
  }

  private KvOutcome resolved(EtcdCommit commit, long revision) {
    return revision == 0 ? KvOutcome.UNKNOWN : commit.committed(revision, bases);
  }

  /** A commit is on the disks of a majority when it is acknowledged. */
  @Override
  public void sync() {}

  @Override
  public void clear() {
    bases.clear();
    TxnRequest request = TxnRequest.newBuilder().addSuccess(requests.deleteAll()).build();
    for (int tries = 1; ; tries++) {
      try {
        servers.send(request);
        return;
      } catch (FailedRequest e) {
        if (e.failure().next() == Next.GIVE_UP || tries >= servers.attempts()) {
          throw e.failure().exception(servers.describe());
        }
      }
    }
  }

  @Override
  public void close() {
    servers.close();
  }
}
