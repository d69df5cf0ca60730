package io.jfs.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jfs.vfs.stats.StatsSource;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Answers a Prometheus server: {@code GET /metrics}. One thread; idle, it costs nothing. */
public final class MetricsServer implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final int PORTS_TRIED = 100;

  /** What to do when the port is taken. */
  public enum IfTaken {
    /** Give up. */
    FAIL,
    /** Take the next free one. */
    NEXT_PORT
  }

  private final List<StatsSource> sources;
  private final Map<String, String> labels;
  private final HttpServer server;
  private final ExecutorService thread;
  private @Nullable MetricsPage page;

  private MetricsServer(List<StatsSource> sources, Map<String, String> labels, HttpServer server) {
    this.sources = List.copyOf(sources);
    this.labels = Map.copyOf(labels);
    this.server = server;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread t = new Thread(task, "metrics");
              t.setDaemon(true);
              return t;
            });
  }

  /**
   * Starts to listen.
   *
   * @param address port 0 takes any free one
   * @param labels of every metric
   * @throws IOException if it cannot
   */
  public static MetricsServer start(
      InetSocketAddress address,
      IfTaken ifTaken,
      List<StatsSource> sources,
      Map<String, String> labels)
      throws IOException {
    HttpServer http = bind(address, ifTaken);
    MetricsServer metrics = new MetricsServer(sources, labels, http);
    http.setExecutor(metrics.thread);
    Object unused = http.createContext("/metrics", metrics::answer);
    http.start();
    return metrics;
  }

  private static HttpServer bind(InetSocketAddress address, IfTaken ifTaken) throws IOException {
    int port = address.getPort();
    while (true) {
      try {
        return HttpServer.create(new InetSocketAddress(address.getAddress(), port), 0);
      } catch (BindException e) {
        port++;
        if (ifTaken == IfTaken.FAIL || port > address.getPort() + PORTS_TRIED) {
          throw e;
        }
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = page().text().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private synchronized MetricsPage page() {
    MetricsPage made = page;
    if (made == null) {
      made = new MetricsPage(sources, labels);
      page = made;
    }
    return made;
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }
}
