package io.jfs.meta.engine.kv.tikv;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.jfs.meta.engine.kv.tikv.proto.GetMembersRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetMembersResponse;
import io.jfs.meta.engine.kv.tikv.proto.GetRegionRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetRegionResponse;
import io.jfs.meta.engine.kv.tikv.proto.GetStoreRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetStoreResponse;
import io.jfs.meta.engine.kv.tikv.proto.PdMember;
import io.jfs.meta.engine.kv.tikv.proto.PdResponseHeader;
import io.jfs.meta.engine.kv.tikv.proto.PdTimestamp;
import io.jfs.meta.engine.kv.tikv.proto.Store;
import io.jfs.meta.engine.kv.tikv.proto.TsoRequest;
import io.jfs.meta.engine.kv.tikv.proto.TsoResponse;
import io.jfs.meta.engine.kv.tikv.proto.UpdateGCSafePointRequest;
import io.jfs.meta.engine.kv.tikv.proto.UpdateGCSafePointResponse;
import java.util.concurrent.TimeUnit;

/** A placement driver of the fake cluster: a gRPC server on loopback. */
final class FakeDriver implements AutoCloseable {
  private static final long CLUSTER_ID = 7;

  private final int id;
  private final FakeCluster cluster;
  private final Server server;
  private final int port;

  FakeDriver(int id, FakeCluster cluster) {
    this.id = id;
    this.cluster = cluster;
    server = cluster.serve(service(), 0);
    port = server.getPort();
  }

  private ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("pdpb.PD")
        .addMethod(Rpcs.MEMBERS, ServerCalls.asyncUnaryCall(this::members))
        .addMethod(Rpcs.REGION, ServerCalls.asyncUnaryCall(this::region))
        .addMethod(Rpcs.STORE_BY_ID, ServerCalls.asyncUnaryCall(this::store))
        .addMethod(Rpcs.SAFE_POINT, ServerCalls.asyncUnaryCall(this::safePoint))
        .addMethod(Rpcs.TIMESTAMPS, ServerCalls.asyncBidiStreamingCall(this::timestamps))
        .build();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  PdMember member() {
    return PdMember.newBuilder()
        .setName("pd" + id)
        .setMemberId(id)
        .addClientUrls("http://" + address())
        .build();
  }

  private static PdResponseHeader header() {
    return PdResponseHeader.newBuilder().setClusterId(CLUSTER_ID).build();
  }

  private void members(GetMembersRequest request, StreamObserver<GetMembersResponse> observer) {
    GetMembersResponse.Builder answer = GetMembersResponse.newBuilder().setHeader(header());
    cluster.drivers().forEach(driver -> answer.addMembers(driver.member()));
    observer.onNext(answer.setLeader(cluster.leader().member()).build());
    observer.onCompleted();
  }

  private boolean refuses(long clusterId, StreamObserver<?> observer) {
    if (cluster.leader() != this) {
      observer.onError(Status.UNAVAILABLE.withDescription("not leader").asException());
      return true;
    }
    if (clusterId != CLUSTER_ID) {
      observer.onError(Status.FAILED_PRECONDITION.withDescription("cluster id").asException());
      return true;
    }
    return false;
  }

  private void region(GetRegionRequest request, StreamObserver<GetRegionResponse> observer) {
    if (!refuses(request.getHeader().getClusterId(), observer)) {
      observer.onNext(
          cluster.regions().find(request.getRegionKey()).toBuilder().setHeader(header()).build());
      observer.onCompleted();
    }
  }

  private void store(GetStoreRequest request, StreamObserver<GetStoreResponse> observer) {
    if (!refuses(request.getHeader().getClusterId(), observer)) {
      observer.onNext(
          GetStoreResponse.newBuilder()
              .setHeader(header())
              .setStore(
                  Store.newBuilder()
                      .setId(request.getStoreId())
                      .setAddress(cluster.store((int) request.getStoreId()).address()))
              .build());
      observer.onCompleted();
    }
  }

  private void safePoint(
      UpdateGCSafePointRequest request, StreamObserver<UpdateGCSafePointResponse> observer) {
    if (!refuses(request.getHeader().getClusterId(), observer)) {
      observer.onNext(
          UpdateGCSafePointResponse.newBuilder()
              .setHeader(header())
              .setNewSafePoint(cluster.moveSafePoint(request.getSafePoint()))
              .build());
      observer.onCompleted();
    }
  }

  private StreamObserver<TsoRequest> timestamps(StreamObserver<TsoResponse> observer) {
    return new StreamObserver<>() {
      private boolean over;

      @Override
      public void onNext(TsoRequest request) {
        if (over || refuses(request.getHeader().getClusterId(), observer)) {
          over = true;
          return;
        }
        cluster.count("Tso");
        long last = cluster.timestamps(request.getCount());
        observer.onNext(
            TsoResponse.newBuilder()
                .setHeader(header())
                .setCount(request.getCount())
                .setTimestamp(
                    PdTimestamp.newBuilder()
                        .setPhysical(last >>> 18)
                        .setLogical(last & ((1 << 18) - 1)))
                .build());
      }

      @Override
      public void onError(Throwable t) {
        over = true;
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
