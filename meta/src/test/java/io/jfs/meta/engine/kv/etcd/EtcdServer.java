package io.jfs.meta.engine.kv.etcd;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real etcd on free loopback ports, in a directory of its own, alone or as one of a cluster. */
public final class EtcdServer implements AutoCloseable {
  private static final long START_MILLIS = 30_000;

  private final String name;
  private final int clientPort;
  private final int peerPort;
  private final Path directory;
  private final String scheme;
  private final List<String> arguments;
  private Process process;

  private EtcdServer(String name, String scheme, List<String> arguments) {
    this.name = name;
    this.scheme = scheme;
    this.clientPort = freePort();
    this.peerPort = freePort();
    this.arguments = arguments;
    try {
      this.directory = Files.createTempDirectory("jfs-etcd");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One server alone; skips the test if etcd is not installed. */
  public static EtcdServer start(String... arguments) {
    return startAs("http", arguments);
  }

  /** One server that speaks {@code http} or {@code https} to clients. */
  static EtcdServer startAs(String scheme, String... arguments) {
    assumeInstalled();
    EtcdServer server = new EtcdServer("one", scheme, List.of(arguments));
    server.launch(server.peer());
    server.awaitReady();
    return server;
  }

  /** A cluster. */
  static List<EtcdServer> cluster(int size) {
    assumeInstalled();
    List<EtcdServer> servers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      servers.add(
          new EtcdServer(
              "n" + i, "http", List.of("--heartbeat-interval", "50", "--election-timeout", "500")));
    }
    String peers = String.join(",", servers.stream().map(EtcdServer::peer).toList());
    servers.forEach(server -> server.launch(peers));
    servers.forEach(EtcdServer::awaitReady);
    return servers;
  }

  private static void assumeInstalled() {
    boolean installed =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "etcd")));
    Assumptions.assumeTrue(installed, "etcd is not installed (Debian: etcd-server)");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String peer() {
    return name + "=http://127.0.0.1:" + peerPort;
  }

  private String clientUrl() {
    return scheme + "://127.0.0.1:" + clientPort;
  }

  private void launch(String peers) {
    String peerUrl = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                "etcd",
                "--name",
                name,
                "--data-dir",
                directory.resolve("data").toString(),
                "--listen-client-urls",
                clientUrl(),
                "--advertise-client-urls",
                clientUrl(),
                "--listen-peer-urls",
                peerUrl,
                "--initial-advertise-peer-urls",
                peerUrl,
                "--initial-cluster",
                peers,
                "--log-level",
                "error"));
    command.addAll(arguments);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort), 500);
        return;
      } catch (IOException e) {
        pause();
      }
    }
    throw new IllegalStateException("etcd did not start: " + log());
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return clientPort;
  }

  /** An address of a volume on this server. */
  public String url(String volume) {
    return "etcd://127.0.0.1:" + clientPort + "/" + volume;
  }

  /** Runs etcdctl against this server; returns what it said. */
  String ctl(String... words) {
    List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + clientUrl()));
    command.addAll(Arrays.asList(words));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("ETCDCTL_API", "3");
      Process ctl = builder.start();
      String said = new String(ctl.getInputStream().readAllBytes());
      if (ctl.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    join();
  }

  /** Starts it again on what it had. */
  void restart() {
    launch(peer());
    awaitReady();
  }

  private void join() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    join();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
