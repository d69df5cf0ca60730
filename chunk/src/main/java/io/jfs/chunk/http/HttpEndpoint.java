package io.jfs.chunk.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where connections go.
 *
 * @param host name or address
 * @param port port
 * @param tls makes TLS sockets; null for plain TCP
 * @param verifyHost whether the server's certificate must be for {@code host}
 * @param proxy HTTP proxy in between; null for none
 */
public record HttpEndpoint(
    String host,
    int port,
    @Nullable SSLSocketFactory tls,
    boolean verifyHost,
    @Nullable InetSocketAddress proxy) {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(20);
  private static final int MAX_PROXY_ANSWER_BYTES = 8 << 10;

  Transport connect() throws IOException {
    return connect(CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT);
  }

  Transport connect(Duration connectTimeout, Duration handshakeTimeout) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      // A new lookup each time: the JDK remembers addresses for half a minute.
      InetSocketAddress address =
          proxy == null
              ? new InetSocketAddress(host, port)
              : new InetSocketAddress(proxy.getHostString(), proxy.getPort());
      if (address.isUnresolved()) {
        throw new IOException("unknown host " + address.getHostString());
      }
      channel.socket().connect(address, (int) connectTimeout.toMillis());
      return tls == null
          ? new PlainTransport(channel)
          : secure(tls, channel, (int) handshakeTimeout.toMillis());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private Transport secure(SSLSocketFactory factory, SocketChannel channel, int timeoutMillis)
      throws IOException {
    channel.socket().setSoTimeout(timeoutMillis);
    if (proxy != null) {
      tunnel(channel);
    }
    SSLSocket socket = (SSLSocket) factory.createSocket(channel.socket(), host, port, true);
    if (verifyHost) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    socket.setSoTimeout(0);
    return new TlsTransport(socket);
  }

  /** Asks the proxy to pass bytes through (RFC 9110 section 9.3.6). */
  private void tunnel(SocketChannel channel) throws IOException {
    String to = host + ":" + port;
    String ask = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n\r\n";
    ByteBuffer bytes = ByteBuffer.wrap(ask.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      int ignored = channel.write(bytes);
    }
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      int next = channel.socket().getInputStream().read(); // byte by byte: TLS follows
      if (next < 0 || answer.length() > MAX_PROXY_ANSWER_BYTES) {
        throw new IOException("proxy does not answer CONNECT");
      }
      answer.append((char) next);
    }
    if (!answer.toString().matches("(?s)HTTP/1\\.[01] 2.*")) {
      throw new IOException("proxy refused: " + answer.toString().lines().findFirst().orElse(""));
    }
  }

  /** Whether requests must name the whole URL, for a proxy to find the way. */
  boolean isAbsoluteForm() {
    return proxy != null && tls == null;
  }
}
