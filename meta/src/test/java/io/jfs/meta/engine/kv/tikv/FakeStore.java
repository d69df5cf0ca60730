package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.jfs.meta.engine.kv.tikv.proto.Context;
import io.jfs.meta.engine.kv.tikv.proto.Mutation;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A store of the fake cluster: a gRPC server on loopback before the shared versions. */
final class FakeStore implements AutoCloseable {
  private final int id;
  private final FakeCluster cluster;
  private final FakeMvcc mvcc;
  private final FakeRegions regions;
  private volatile Trouble.Maker troubles;
  private final int port;
  private Server server;

  FakeStore(int id, FakeCluster cluster) {
    this.id = id;
    this.cluster = cluster;
    this.mvcc = cluster.mvcc();
    this.regions = cluster.regions();
    this.troubles = (procedure, keys) -> Trouble.NONE;
    this.server = cluster.serve(service(), 0);
    this.port = server.getPort();
  }

  void stop() {
    server.shutdownNow();
    try {
      server.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void restart() {
    server = cluster.serve(service(), port);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void trouble(Trouble.Maker maker) {
    troubles = maker;
  }

  private ServerServiceDefinition service() {
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder("tikvpb.Tikv");
    add(service, Rpcs.BATCH_GET, q -> q.getContext(), q -> q.getKeysList(), mvcc::batchGet);
    add(
        service,
        Rpcs.SCAN_LOCK,
        q -> q.getContext(),
        q -> List.of(q.getStartKey()),
        mvcc::scanLock);
    add(service, Rpcs.SCAN, q -> q.getContext(), q -> List.of(q.getStartKey()), mvcc::scan);
    add(
        service,
        Rpcs.PREWRITE,
        q -> q.getContext(),
        q -> q.getMutationsList().stream().map(Mutation::getKey).toList(),
        mvcc::prewrite);
    add(service, Rpcs.COMMIT, q -> q.getContext(), q -> q.getKeysList(), mvcc::commit);
    add(service, Rpcs.ROLLBACK, q -> q.getContext(), q -> q.getKeysList(), mvcc::rollBack);
    add(
        service,
        Rpcs.TXN_STATUS,
        q -> q.getContext(),
        q -> List.of(q.getPrimaryKey()),
        mvcc::status);
    add(service, Rpcs.SECONDARIES, q -> q.getContext(), q -> q.getKeysList(), mvcc::secondaries);
    add(service, Rpcs.RESOLVE, q -> q.getContext(), q -> q.getKeysList(), mvcc::resolve);
    add(
        service,
        Rpcs.HEART_BEAT,
        q -> q.getContext(),
        q -> List.of(q.getPrimaryLock()),
        mvcc::heartBeat);
    add(
        service,
        Rpcs.DELETE_RANGE,
        q -> q.getContext(),
        q -> List.of(q.getStartKey()),
        mvcc::deleteRange);
    return service.build();
  }

  private <Q extends Message, A extends Message> void add(
      ServerServiceDefinition.Builder service,
      Rpcs.OnRegion<Q, A> rpc,
      Function<Q, Context> contextOf,
      Function<Q, List<ByteString>> keysOf,
      Function<Q, A> body) {
    String name = rpc.method().getBareMethodName();
    service.addMethod(
        rpc.method(),
        ServerCalls.asyncUnaryCall(
            (request, answer) -> serve(name, rpc, contextOf, keysOf, body, request, answer)));
  }

  private <Q extends Message, A extends Message> void serve(
      String name,
      Rpcs.OnRegion<Q, A> rpc,
      Function<Q, Context> contextOf,
      Function<Q, List<ByteString>> keysOf,
      Function<Q, A> body,
      Q request,
      StreamObserver<A> observer) {
    cluster.count(name);
    Trouble trouble = troubles.next(name, keysOf.apply(request));
    if (trouble instanceof Trouble.Lost lost && !lost.afterwards()) {
      observer.onError(Status.UNAVAILABLE.withDescription("cut before").asException());
      return;
    }
    if (trouble instanceof Trouble.Slow slow && slow.millis() > 0) {
      sleep(slow.millis());
    }
    RegionError error =
        trouble instanceof Trouble.Refused refused
            ? refused.error()
            : regions.check(id, contextOf.apply(request), keysOf.apply(request));
    A answer = error == null ? body.apply(request) : refusal(rpc, error);
    if (trouble instanceof Trouble.Lost) {
      observer.onError(Status.UNAVAILABLE.withDescription("cut after").asException());
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  @SuppressWarnings("unchecked")
  private static <Q, A extends Message> A refusal(Rpcs.OnRegion<Q, A> rpc, RegionError error) {
    var prototype =
        (io.grpc.MethodDescriptor.PrototypeMarshaller<A>) rpc.method().getResponseMarshaller();
    Message.Builder answer = prototype.getMessagePrototype().newBuilderForType();
    return (A)
        answer
            .setField(answer.getDescriptorForType().findFieldByName("region_error"), error)
            .build();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
