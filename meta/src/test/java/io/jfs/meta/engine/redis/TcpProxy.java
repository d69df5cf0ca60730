package io.jfs.meta.engine.redis;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between a client and a server on loopback, and misbehaves when told to. */
public final class TcpProxy implements Closeable {
  /** What happens to the next bytes on their way. */
  public enum Trouble {
    NONE,
    /** The next request does not arrive, and the connection is cut. */
    LOSE_REQUEST,
    /** The next request arrives, its answer does not, and the connection is cut. */
    LOSE_ANSWER,
    /** Nothing moves in either direction until it is over. */
    STALL
  }

  private final ServerSocket listener;
  private final int target;
  private final AtomicReference<Trouble> trouble = new AtomicReference<>(Trouble.NONE);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  public TcpProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Waits for its moment; a cut happens once. */
  public void next(Trouble next) {
    trouble.set(next);
  }

  /** Cuts all connections now. */
  public void cutAll() {
    sockets.forEach(TcpProxy::close);
    sockets.clear();
  }

  private void start(String name, Runnable body) {
    Thread thread = new Thread(body, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        start("up", () -> pump(client, server, Trouble.LOSE_REQUEST));
        start("down", () -> pump(server, client, Trouble.LOSE_ANSWER));
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  private void pump(Socket from, Socket to, Trouble cut) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        while (trouble.get() == Trouble.STALL) {
          RedisServer.pause(5);
        }
        if (trouble.compareAndSet(cut, Trouble.NONE)) {
          break;
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // The other direction was cut.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    close(listener);
    cutAll();
  }
}
