package io.jfs.meta.engine.kv.tikv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.jfs.meta.txn.EngineException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Channels to the servers of a cluster, opened when first asked for. Nothing is sent twice by them:
 * whether to send again, the caller decides. Thread safe.
 */
final class Connections implements AutoCloseable {
  private static final int LARGEST_ANSWER_BYTES = 256 << 20;
  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 3;

  private final TikvAddress address;
  private final @Nullable SslContext tls;

  @GuardedBy("this")
  private final Map<String, ManagedChannel> channels = new HashMap<>();

  @GuardedBy("this")
  private boolean closed;

  Connections(TikvAddress address) {
    this.address = address;
    this.tls = address.tls() == null ? null : sslContext(address, address.tls());
  }

  private static SslContext sslContext(TikvAddress address, TikvAddress.Tls tls) {
    try {
      SslContextBuilder builder = GrpcSslContexts.forClient();
      if (tls.commonNames().isEmpty()) {
        builder.trustManager(tls.caCertificates().toFile());
      } else {
        builder.trustManager(CommonNames.trusting(tls.caCertificates(), tls.commonNames()));
      }
      if (tls.certificate() != null && tls.key() != null) {
        builder.keyManager(tls.certificate().toFile(), tls.key().toFile());
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new EngineException(
          EngineException.Kind.FATAL,
          address.text() + ": cannot use the certificates: " + e.getMessage(),
          e);
    }
  }

  String describe() {
    return address.text();
  }

  /** The channel to a server, which is {@code host:port}. */
  synchronized ManagedChannel to(String server) {
    if (closed) {
      throw new EngineException(
          EngineException.Kind.FATAL, address.text() + ": already closed", null);
    }
    return channels.computeIfAbsent(server, this::open);
  }

  private ManagedChannel open(String server) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(server)
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    return (tls == null ? builder.usePlaintext() : builder.sslContext(tls)).build();
  }

  /** Whether a request that failed like this has certainly not reached a server. */
  static boolean isUnsent(StatusRuntimeException e) {
    for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
      if (t instanceof ConnectException
          || t instanceof UnresolvedAddressException
          || t instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  /** What a failure says, in one line. */
  static String describe(StatusRuntimeException e) {
    String text = e.getStatus().getDescription();
    Throwable cause = e.getCause();
    String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    String all = (text == null ? e.getStatus().getCode().name() : text) + why;
    return all.lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    Map<String, ManagedChannel> open;
    synchronized (this) {
      closed = true;
      open = Map.copyOf(channels);
    }
    open.values().forEach(ManagedChannel::shutdownNow);
    for (ManagedChannel channel : open.values()) {
      try {
        if (!channel.awaitTermination(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
