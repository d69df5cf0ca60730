package io.jfs.meta.engine.kv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.jfs.meta.engine.HostPort;
import io.jfs.meta.engine.kv.etcd.EtcdFailure.Next;
import io.jfs.meta.txn.EngineException;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Channels to the servers of a cluster. All requests go to one of them until it fails. Sends each
 * request once; whether to send it again, the caller decides. Thread safe.
 */
final class EtcdServers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EtcdServers.class);
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> HAS_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
  private static final int LARGEST_ANSWER_BYTES = 256 << 20;
  private static final long KEEP_ALIVE_SECONDS = 20;
  private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 5;

  private final EtcdAddress address;
  private final long timeoutMillis;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicInteger current = new AtomicInteger();
  private volatile @Nullable String token;

  EtcdServers(EtcdAddress address, long timeoutMillis) {
    this.address = address;
    this.timeoutMillis = timeoutMillis;
    for (HostPort host : address.hosts()) {
      channels.add(channel(host));
    }
  }

  private ManagedChannel channel(HostPort host) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(host.host(), host.port())
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    EtcdAddress.Tls tls = address.tls();
    if (tls == null) {
      return builder.usePlaintext().build();
    }
    if (tls.serverName() != null) {
      builder.overrideAuthority(tls.serverName());
    }
    try {
      return builder.sslContext(sslContext(tls).build()).build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new EngineException(
          EngineException.Kind.FATAL,
          address.text() + ": cannot use the certificates: " + e.getMessage(),
          e);
    }
  }

  private static SslContextBuilder sslContext(EtcdAddress.Tls tls) {
    SslContextBuilder builder = GrpcSslContexts.forClient();
    if (!tls.verify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (tls.caCertificates() != null) {
      builder.trustManager(tls.caCertificates().toFile());
    }
    if (tls.certificate() != null && tls.key() != null) {
      builder.keyManager(tls.certificate().toFile(), tls.key().toFile());
    }
    return builder;
  }

  /** How many times a request is worth sending before the operation should hear of the trouble. */
  int attempts() {
    return channels.size() + 1;
  }

  String describe() {
    return address.text();
  }

  /**
   * Sends one request to the current server.
   *
   * @throws FailedRequest with what it means; the current server has been left if that may help
   */
  TxnResponse send(TxnRequest request) throws FailedRequest {
    int server = current.get();
    ManagedChannel channel = channels.get(server);
    try {
      return KVGrpc.newBlockingStub(channel)
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(channel)))
          .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
          .txn(request);
    } catch (StatusRuntimeException e) {
      throw failed(server, e);
    }
  }

  /** A request failed. */
  static final class FailedRequest extends Exception {
    private final transient EtcdFailure failure;

    FailedRequest(EtcdFailure failure) {
      super(failure.message(), failure.cause());
      this.failure = failure;
    }

    EtcdFailure failure() {
      return failure;
    }
  }

  private FailedRequest failed(int server, StatusRuntimeException e) {
    EtcdFailure failure = EtcdFailure.of(e);
    if (failure.next() == Next.AUTHENTICATE_AGAIN) {
      token = null;
    }
    if (failure.next() == Next.TRY_ANOTHER_SERVER) {
      leave(server, failure);
    }
    return new FailedRequest(failure);
  }

  private void leave(int server, EtcdFailure failure) {
    int next = (server + 1) % channels.size();
    if (next != server && current.compareAndSet(server, next)) {
      LOG.info(
          "etcd {}: {}; going on with {}",
          address.hosts().get(server),
          failure.message(),
          address.hosts().get(next));
    }
    channels.get(next).resetConnectBackoff();
  }

  private Metadata headers(ManagedChannel channel) {
    Metadata headers = new Metadata();
    headers.put(HAS_LEADER, "true");
    if (address.user() != null) {
      String known = token;
      String valid = known == null ? authenticate(channel, address.user()) : known;
      if (!valid.isEmpty()) {
        headers.put(TOKEN, valid);
      }
    }
    return headers;
  }

  /** A fresh token; empty if the server asks nobody who he is. */
  private String authenticate(ManagedChannel channel, String user) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder()
            .setNameBytes(ByteString.copyFromUtf8(user))
            .setPasswordBytes(ByteString.copyFromUtf8(address.password()))
            .build();
    String fresh;
    try {
      fresh =
          AuthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
              .authenticate(request)
              .getToken();
    } catch (StatusRuntimeException e) {
      if (!String.valueOf(e.getStatus().getDescription()).contains("not enabled")) {
        throw e;
      }
      fresh = "";
    }
    token = fresh;
    return fresh;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdown);
    for (ManagedChannel channel : channels) {
      try {
        if (!channel.awaitTermination(timeoutMillis, TimeUnit.MILLISECONDS)) {
          channel.shutdownNow();
        }
      } catch (InterruptedException e) {
        channel.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }
}
