package io.jfs.chunk.object.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy that spoils what passes through it. */
final class FaultyProxy implements AutoCloseable {
  /** What goes wrong. */
  enum Fault {
    /** Nothing. */
    NONE,
    /** Connections are closed at once. */
    REFUSE,
    /** Connections are taken and nothing ever answered; those open fall silent for good. */
    HANG,
    /** Answers end in a reset after a few kilobytes. */
    RESET,
    /** Requests end in a reset after a few kilobytes. */
    RESET_REQUESTS,
    /** Everything takes its time. */
    SLOW,
    /** Every request is answered 503. */
    UNAVAILABLE,
    /** One byte of each long answer is changed, far behind its head. */
    CORRUPT_ANSWERS,
    /** One byte of each long request is changed, far behind its head. */
    CORRUPT_REQUESTS
  }

  private static final int FAR = 5000;

  private final ServerSocket listener;
  private final int target;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Fault fault = Fault.NONE;

  FaultyProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  Fault fault() {
    return fault;
  }

  int connections() {
    return connections.get();
  }

  void set(Fault next) {
    fault = next;
    if (next == Fault.REFUSE || next == Fault.UNAVAILABLE) {
      sockets.forEach(FaultyProxy::closeQuietly);
    }
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    sockets.add(client);
    try {
      switch (fault) {
        case REFUSE -> client.close();
        case HANG -> TimeUnit.HOURS.sleep(1);
        case UNAVAILABLE -> {
          client.getInputStream().read(new byte[64 << 10]);
          String answer =
              "HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
          client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
          client.shutdownOutput();
          while (client.getInputStream().read(new byte[64 << 10]) >= 0) {
            // so that the answer is not lost to a reset
          }
          client.close();
        }
        default -> {
          Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
          sockets.add(server);
          threads.execute(() -> pump(client, server, Fault.CORRUPT_REQUESTS));
          pump(server, client, Fault.CORRUPT_ANSWERS);
        }
      }
    } catch (IOException | InterruptedException e) {
      closeQuietly(client);
    }
  }

  private void pump(Socket from, Socket to, Fault corruption) {
    byte[] piece = new byte[16 << 10];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        if (fault == Fault.HANG) {
          TimeUnit.HOURS.sleep(1);
        }
        if (fault == corruption && count > FAR && passed < FAR) {
          piece[FAR] ^= 1;
        }
        if (fault == Fault.SLOW) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
        if (fault == Fault.RESET_REQUESTS && corruption == Fault.CORRUPT_REQUESTS && count > FAR) {
          out.write(piece, 0, FAR);
          from.setSoLinger(true, 0);
          from.close();
          to.close();
          return;
        }
        if (fault == Fault.RESET && corruption == Fault.CORRUPT_ANSWERS && count > FAR) {
          out.write(piece, 0, FAR);
          to.setSoLinger(true, 0);
          to.close();
          return;
        }
        passed = fault == corruption ? passed + count : 0;
        out.write(piece, 0, count);
      }
    } catch (IOException | InterruptedException e) {
      // ends below
    }
    closeQuietly(from);
    closeQuietly(to);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(FaultyProxy::closeQuietly);
    threads.shutdownNow();
  }
}
