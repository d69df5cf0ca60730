package io.jfs.meta.engine.kv.tikv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.jfs.meta.engine.HostPort;
import io.jfs.meta.engine.kv.tikv.Backoff.Cause;
import io.jfs.meta.engine.kv.tikv.proto.GetMembersRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetMembersResponse;
import io.jfs.meta.engine.kv.tikv.proto.GetRegionRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetRegionResponse;
import io.jfs.meta.engine.kv.tikv.proto.GetStoreRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetStoreResponse;
import io.jfs.meta.engine.kv.tikv.proto.PdMember;
import io.jfs.meta.engine.kv.tikv.proto.PdRequestHeader;
import io.jfs.meta.engine.kv.tikv.proto.PdResponseHeader;
import io.jfs.meta.engine.kv.tikv.proto.StoreState;
import io.jfs.meta.engine.kv.tikv.proto.UpdateGCSafePointRequest;
import io.jfs.meta.engine.kv.tikv.proto.UpdateGCSafePointResponse;
import io.jfs.meta.txn.EngineException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The placement drivers of a cluster: who of them leads, and what the leader knows of regions and
 * stores. A leader that fails or no longer leads is looked for among all that were ever heard of.
 * Thread safe.
 */
final class Drivers {
  private static final Logger LOG = LoggerFactory.getLogger(Drivers.class);
  private static final long TIMEOUT_MILLIS = 3000;

  private final Connections connections;

  @GuardedBy("this")
  private final Set<String> members = new LinkedHashSet<>();

  private volatile @Nullable Leader leader;

  /**
   * Who leads.
   *
   * @param clusterId stands in every request, so that no other cluster answers
   */
  record Leader(String server, ManagedChannel channel, long clusterId) {
    PdRequestHeader header() {
      return PdRequestHeader.newBuilder().setClusterId(clusterId).build();
    }
  }

  Drivers(Connections connections, List<HostPort> first) {
    this.connections = connections;
    first.forEach(host -> members.add(host.toString()));
  }

  /** The leader, looked for if none is known. */
  Leader leader(Backoff backoff) {
    while (true) {
      Leader known = leader;
      if (known != null) {
        return known;
      }
      find(backoff);
    }
  }

  /** This one is not to be asked again before somebody has said that it leads. */
  void suspect(Leader suspected) {
    if (suspected.equals(leader)) {
      leader = null;
    }
  }

  private synchronized void find(Backoff backoff) {
    if (leader != null) {
      return;
    }
    String why = "no placement driver knows a leader";
    StatusRuntimeException failure = null;
    for (String server : List.copyOf(members)) {
      try {
        ManagedChannel channel = connections.to(server);
        GetMembersResponse answer =
            ask(channel, Rpcs.MEMBERS, GetMembersRequest.newBuilder().build());
        answer.getMembersList().forEach(this::remember);
        if (isLedBySomebody(answer)) {
          String url = answer.getLeader().getClientUrls(0);
          Leader found =
              new Leader(
                  server(url), connections.to(server(url)), answer.getHeader().getClusterId());
          // The old leader may still believe in itself: only who answers as leader is one.
          if (found.server().equals(server) || leads(found)) {
            LOG.debug("placement driver {} leads", found.server());
            leader = found;
            return;
          }
          why = found.server() + " is said to lead and does not";
        }
      } catch (StatusRuntimeException e) {
        refuseIfHopeless(e, backoff);
        why = server + ": " + Connections.describe(e);
        failure = e;
        connections.to(server).resetConnectBackoff();
      }
    }
    backoff.pause(Cause.DRIVER, why, 0, failure);
  }

  private static boolean isLedBySomebody(GetMembersResponse answer) {
    return answer.hasLeader() && answer.getLeader().getClientUrlsCount() > 0;
  }

  private static boolean leads(Leader candidate) {
    GetMembersResponse own =
        ask(candidate.channel(), Rpcs.MEMBERS, GetMembersRequest.newBuilder().build());
    return isLedBySomebody(own)
        && own.getLeader().getClientUrlsList().stream()
            .anyMatch(url -> server(url).equals(candidate.server()));
  }

  @GuardedBy("this")
  private void remember(PdMember member) {
    member.getClientUrlsList().forEach(url -> members.add(server(url)));
  }

  private static String server(String url) {
    return url.replaceFirst("^https?://", "").replaceFirst("/$", "");
  }

  private static void refuseIfHopeless(StatusRuntimeException e, Backoff backoff) {
    Status.Code code = e.getStatus().getCode();
    if (code == Status.Code.UNIMPLEMENTED
        || code == Status.Code.PERMISSION_DENIED
        || code == Status.Code.UNAUTHENTICATED) {
      throw backoff.fatal(Connections.describe(e));
    }
  }

  private static <Q, A> A ask(ManagedChannel channel, MethodDescriptor<Q, A> method, Q request) {
    return ClientCalls.blockingUnaryCall(
        channel,
        method,
        CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS),
        request);
  }

  /** The region that holds a key. */
  KnownRegion region(ByteString key, Backoff backoff) {
    ByteString encoded = OrderedBytes.encode(key);
    while (true) {
      GetRegionResponse answer =
          fromLeader(
              Rpcs.REGION,
              header ->
                  GetRegionRequest.newBuilder().setHeader(header).setRegionKey(encoded).build(),
              GetRegionResponse::getHeader,
              backoff);
      if (answer.hasRegion() && answer.getRegion().getPeersCount() > 0) {
        return KnownRegion.of(answer.getRegion(), answer.hasLeader() ? answer.getLeader() : null);
      }
      backoff.pause(Cause.DRIVER, "the placement driver knows no region for a key");
    }
  }

  /** Where a store listens. */
  String store(long id, Backoff backoff) {
    while (true) {
      GetStoreResponse answer =
          fromLeader(
              Rpcs.STORE_BY_ID,
              header -> GetStoreRequest.newBuilder().setHeader(header).setStoreId(id).build(),
              GetStoreResponse::getHeader,
              backoff);
      if (answer.hasStore() && answer.getStore().getState() != StoreState.TOMBSTONE) {
        return answer.getStore().getAddress();
      }
      backoff.pause(Cause.DRIVER, "the placement driver knows no store " + id);
    }
  }

  /**
   * Lets the cluster drop versions that no reader from a timestamp on can see.
   *
   * @return from when on versions are kept now: later, if somebody else had said so before
   */
  long keepFrom(long ts, Backoff backoff) {
    return fromLeader(
            Rpcs.SAFE_POINT,
            header ->
                UpdateGCSafePointRequest.newBuilder().setHeader(header).setSafePoint(ts).build(),
            UpdateGCSafePointResponse::getHeader,
            backoff)
        .getNewSafePoint();
  }

  private <Q, A> A fromLeader(
      MethodDescriptor<Q, A> method,
      Function<PdRequestHeader, Q> request,
      Function<A, PdResponseHeader> headerOf,
      Backoff backoff) {
    while (true) {
      Leader asked = leader(backoff);
      try {
        A answer = ask(asked.channel(), method, request.apply(asked.header()));
        PdResponseHeader header = headerOf.apply(answer);
        if (!header.hasError() || header.getError().getType() == 0) {
          return answer;
        }
        suspect(asked);
        backoff.pause(Cause.DRIVER, asked.server() + ": " + header.getError().getMessage());
      } catch (StatusRuntimeException e) {
        suspect(asked);
        backoff.pause(Cause.DRIVER, asked.server() + ": " + Connections.describe(e), 0, e);
      }
    }
  }

  /**
   * Asks something of a leader, to see that there is one.
   *
   * @throws EngineException if there is none
   */
  void connect(Backoff backoff) {
    LOG.debug("cluster {}", Long.toUnsignedString(leader(backoff).clusterId()));
  }
}
