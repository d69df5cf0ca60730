package io.jfs.meta.engine.kv.etcd;

import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import io.jfs.meta.engine.kv.OrderedKv;
import io.jfs.meta.engine.kv.etcd.EtcdFailure.Next;
import io.jfs.meta.engine.kv.etcd.EtcdServers.FailedRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads that all see one revision: that of the first of them. Up to 128 queries go into one
 * request. Confined to one thread.
 */
final class EtcdSnapshot implements OrderedKv.Snapshot {
  /** Most operations of one request that a server with default settings takes. */
  static final int MOST_OPERATIONS = 128;

  private final EtcdServers servers;
  private final EtcdRequests requests;
  private long revision;

  EtcdSnapshot(EtcdServers servers, EtcdRequests requests) {
    this.servers = servers;
    this.requests = requests;
  }

  @Override
  public List<KvRows> read(List<KvQuery> queries) {
    List<KvRows> answers = new ArrayList<>(queries.size());
    for (int from = 0; from < queries.size(); from += MOST_OPERATIONS) {
      int to = Math.min(queries.size(), from + MOST_OPERATIONS);
      answers.addAll(readSome(queries.subList(from, to)));
    }
    return answers;
  }

  private List<KvRows> readSome(List<KvQuery> queries) {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    for (KvQuery query : queries) {
      request.addSuccess(requests.range(query, revision));
    }
    TxnResponse response = send(request.build());
    if (revision == 0) {
      revision = response.getHeader().getRevision();
    }
    List<KvRows> answers = new ArrayList<>(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      answers.add(requests.rows(response.getResponses(i), revision));
    }
    return answers;
  }

  /** The revision is no longer kept by the server: start again. */
  static final class TooOld extends RuntimeException {
    TooOld(FailedRequest cause) {
      super("revision compacted", cause);
    }
  }

  private TxnResponse send(TxnRequest request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return servers.send(request);
      } catch (FailedRequest e) {
        EtcdFailure failure = e.failure();
        if (failure.next() == Next.READ_ANEW) {
          throw new TooOld(e);
        }
        if (failure.next() == Next.GIVE_UP || attempt >= servers.attempts()) {
          throw failure.exception(servers.describe());
        }
      }
    }
  }
}
