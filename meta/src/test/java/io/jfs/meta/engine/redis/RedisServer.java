package io.jfs.meta.engine.redis;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real redis-server on a free loopback port, in a directory of its own. */
public final class RedisServer implements Closeable {
  private static final long START_MILLIS = 20_000;

  private final int port;
  private final Path directory;
  private final List<String> arguments;
  private Process process;

  private RedisServer(int port, Path directory, List<String> arguments) {
    this.port = port;
    this.directory = directory;
    this.arguments = arguments;
  }

  /** Starts one with further arguments; skips the test if there is no redis-server. */
  public static RedisServer start(String... arguments) {
    return start(freePort(), arguments);
  }

  /** As {@link #start(String...)}, on a port that was found before. */
  public static RedisServer start(int port, String... arguments) {
    Assumptions.assumeTrue(isInstalled(), "redis-server is not installed");
    try {
      Path directory = Files.createTempDirectory("jfs-redis");
      RedisServer server = new RedisServer(port, directory, List.of(arguments));
      server.launch();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isInstalled() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "redis-server")));
  }

  /** A port on which nothing listens. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void launch() throws IOException {
    List<String> command = new ArrayList<>(List.of("redis-server"));
    boolean isSentinel = arguments.contains("--sentinel");
    if (isSentinel) {
      command.addAll(arguments);
    } else {
      command.addAll(
          List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", directory.toString()));
      command.addAll(List.of("--save", "", "--enable-debug-command", "yes"));
      command.addAll(arguments);
    }
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
            .start();
    awaitListening(arguments.contains("--tls-port") ? tlsPort() : port);
  }

  private int tlsPort() {
    return Integer.parseInt(arguments.get(arguments.indexOf("--tls-port") + 1));
  }

  private File log() {
    return directory.resolve("log").toFile();
  }

  private void awaitListening(int listening) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", listening), 500);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "redis-server does not start: " + Files.readString(log().toPath()), e);
        }
        pause(20);
      }
    }
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Its address as a metadata URL. */
  public String url(int database) {
    return "redis://127.0.0.1:" + port + "/" + database;
  }

  /** Its own directory, for sockets and configuration files. */
  public Path directory() {
    return directory;
  }

  /** Stops it as a crash would. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts it again after {@link #kill}. */
  public void restart() {
    try {
      launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends one command in inline form without credentials; the first line of the answer. */
  public String ask(String command) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String line = in.readLine();
      return line.startsWith("$") && !line.equals("$-1") ? in.readLine() : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs redis-cli against it; what it prints. */
  public String cli(String... arguments) {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", "" + port));
    command.addAll(List.of(arguments));
    return run(command);
  }

  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(command + " failed: " + output);
      }
      return output.strip();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
