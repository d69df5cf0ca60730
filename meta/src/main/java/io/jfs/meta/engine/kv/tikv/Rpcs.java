package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.jfs.meta.engine.kv.tikv.proto.BatchGetRequest;
import io.jfs.meta.engine.kv.tikv.proto.BatchGetResponse;
import io.jfs.meta.engine.kv.tikv.proto.BatchRollbackRequest;
import io.jfs.meta.engine.kv.tikv.proto.BatchRollbackResponse;
import io.jfs.meta.engine.kv.tikv.proto.CheckSecondaryLocksRequest;
import io.jfs.meta.engine.kv.tikv.proto.CheckSecondaryLocksResponse;
import io.jfs.meta.engine.kv.tikv.proto.CheckTxnStatusRequest;
import io.jfs.meta.engine.kv.tikv.proto.CheckTxnStatusResponse;
import io.jfs.meta.engine.kv.tikv.proto.CommitRequest;
import io.jfs.meta.engine.kv.tikv.proto.CommitResponse;
import io.jfs.meta.engine.kv.tikv.proto.Context;
import io.jfs.meta.engine.kv.tikv.proto.DeleteRangeRequest;
import io.jfs.meta.engine.kv.tikv.proto.DeleteRangeResponse;
import io.jfs.meta.engine.kv.tikv.proto.GetMembersRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetMembersResponse;
import io.jfs.meta.engine.kv.tikv.proto.GetRegionRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetRegionResponse;
import io.jfs.meta.engine.kv.tikv.proto.GetStoreRequest;
import io.jfs.meta.engine.kv.tikv.proto.GetStoreResponse;
import io.jfs.meta.engine.kv.tikv.proto.PrewriteRequest;
import io.jfs.meta.engine.kv.tikv.proto.PrewriteResponse;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;
import io.jfs.meta.engine.kv.tikv.proto.ResolveLockRequest;
import io.jfs.meta.engine.kv.tikv.proto.ResolveLockResponse;
import io.jfs.meta.engine.kv.tikv.proto.ScanLockRequest;
import io.jfs.meta.engine.kv.tikv.proto.ScanLockResponse;
import io.jfs.meta.engine.kv.tikv.proto.ScanRequest;
import io.jfs.meta.engine.kv.tikv.proto.ScanResponse;
import io.jfs.meta.engine.kv.tikv.proto.TsoRequest;
import io.jfs.meta.engine.kv.tikv.proto.TsoResponse;
import io.jfs.meta.engine.kv.tikv.proto.TxnHeartBeatRequest;
import io.jfs.meta.engine.kv.tikv.proto.TxnHeartBeatResponse;
import io.jfs.meta.engine.kv.tikv.proto.UpdateGCSafePointRequest;
import io.jfs.meta.engine.kv.tikv.proto.UpdateGCSafePointResponse;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The remote procedures that are called, by their names in the public protocol. */
final class Rpcs {
  private static final String PD = "pdpb.PD";
  private static final String STORE = "tikvpb.Tikv";

  static final MethodDescriptor<GetMembersRequest, GetMembersResponse> MEMBERS =
      unary(
          PD,
          "GetMembers",
          GetMembersRequest.getDefaultInstance(),
          GetMembersResponse.getDefaultInstance());

  static final MethodDescriptor<TsoRequest, TsoResponse> TIMESTAMPS =
      method(
          MethodType.BIDI_STREAMING,
          PD,
          "Tso",
          TsoRequest.getDefaultInstance(),
          TsoResponse.getDefaultInstance());

  static final MethodDescriptor<GetRegionRequest, GetRegionResponse> REGION =
      unary(
          PD,
          "GetRegion",
          GetRegionRequest.getDefaultInstance(),
          GetRegionResponse.getDefaultInstance());

  static final MethodDescriptor<GetStoreRequest, GetStoreResponse> STORE_BY_ID =
      unary(
          PD,
          "GetStore",
          GetStoreRequest.getDefaultInstance(),
          GetStoreResponse.getDefaultInstance());

  static final MethodDescriptor<UpdateGCSafePointRequest, UpdateGCSafePointResponse> SAFE_POINT =
      unary(
          PD,
          "UpdateGCSafePoint",
          UpdateGCSafePointRequest.getDefaultInstance(),
          UpdateGCSafePointResponse.getDefaultInstance());

  /**
   * A procedure on a region.
   *
   * @param method its name and messages
   * @param addressed a request with the region that it is for
   * @param regionError what an answer says of the region; the default message if nothing is wrong
   */
  record OnRegion<Q, A>(
      MethodDescriptor<Q, A> method,
      BiFunction<Q, Context, Q> addressed,
      Function<A, RegionError> regionError) {}

  static final OnRegion<BatchGetRequest, BatchGetResponse> BATCH_GET =
      new OnRegion<>(
          unary(
              STORE,
              "KvBatchGet",
              BatchGetRequest.getDefaultInstance(),
              BatchGetResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          BatchGetResponse::getRegionError);

  static final OnRegion<ScanRequest, ScanResponse> SCAN =
      new OnRegion<>(
          unary(
              STORE, "KvScan", ScanRequest.getDefaultInstance(), ScanResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          ScanResponse::getRegionError);

  static final OnRegion<PrewriteRequest, PrewriteResponse> PREWRITE =
      new OnRegion<>(
          unary(
              STORE,
              "KvPrewrite",
              PrewriteRequest.getDefaultInstance(),
              PrewriteResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          PrewriteResponse::getRegionError);

  static final OnRegion<CommitRequest, CommitResponse> COMMIT =
      new OnRegion<>(
          unary(
              STORE,
              "KvCommit",
              CommitRequest.getDefaultInstance(),
              CommitResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          CommitResponse::getRegionError);

  static final OnRegion<BatchRollbackRequest, BatchRollbackResponse> ROLLBACK =
      new OnRegion<>(
          unary(
              STORE,
              "KvBatchRollback",
              BatchRollbackRequest.getDefaultInstance(),
              BatchRollbackResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          BatchRollbackResponse::getRegionError);

  static final OnRegion<CheckTxnStatusRequest, CheckTxnStatusResponse> TXN_STATUS =
      new OnRegion<>(
          unary(
              STORE,
              "KvCheckTxnStatus",
              CheckTxnStatusRequest.getDefaultInstance(),
              CheckTxnStatusResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          CheckTxnStatusResponse::getRegionError);

  static final OnRegion<CheckSecondaryLocksRequest, CheckSecondaryLocksResponse> SECONDARIES =
      new OnRegion<>(
          unary(
              STORE,
              "KvCheckSecondaryLocks",
              CheckSecondaryLocksRequest.getDefaultInstance(),
              CheckSecondaryLocksResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          CheckSecondaryLocksResponse::getRegionError);

  static final OnRegion<ResolveLockRequest, ResolveLockResponse> RESOLVE =
      new OnRegion<>(
          unary(
              STORE,
              "KvResolveLock",
              ResolveLockRequest.getDefaultInstance(),
              ResolveLockResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          ResolveLockResponse::getRegionError);

  static final OnRegion<TxnHeartBeatRequest, TxnHeartBeatResponse> HEART_BEAT =
      new OnRegion<>(
          unary(
              STORE,
              "KvTxnHeartBeat",
              TxnHeartBeatRequest.getDefaultInstance(),
              TxnHeartBeatResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          TxnHeartBeatResponse::getRegionError);

  static final OnRegion<ScanLockRequest, ScanLockResponse> SCAN_LOCK =
      new OnRegion<>(
          unary(
              STORE,
              "KvScanLock",
              ScanLockRequest.getDefaultInstance(),
              ScanLockResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          ScanLockResponse::getRegionError);

  static final OnRegion<DeleteRangeRequest, DeleteRangeResponse> DELETE_RANGE =
      new OnRegion<>(
          unary(
              STORE,
              "KvDeleteRange",
              DeleteRangeRequest.getDefaultInstance(),
              DeleteRangeResponse.getDefaultInstance()),
          (request, context) -> request.toBuilder().setContext(context).build(),
          DeleteRangeResponse::getRegionError);

  private Rpcs() {}

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> unary(
      String service, String name, Q request, A answer) {
    return method(MethodType.UNARY, service, name, request, answer);
  }

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
      MethodType type, String service, String name, Q request, A answer) {
    return MethodDescriptor.<Q, A>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(answer))
        .build();
  }
}
