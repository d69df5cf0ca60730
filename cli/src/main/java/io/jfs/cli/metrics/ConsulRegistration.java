package io.jfs.cli.metrics;

import io.jfs.meta.model.JsonText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount as a service {@code juicefs} of a Consul agent, which then finds its metrics: vfs-cli
 * spec 3.11; Consul's HTTP API, {@code /v1/agent/service}. Taken back when the mount ends; Consul
 * drops a mount that died after half a minute.
 */
public final class ConsulRegistration implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConsulRegistration.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String agent;
  private final String id;

  private ConsulRegistration(String agent, String id) {
    this.agent = agent;
    this.id = id;
  }

  /**
   * Registers.
   *
   * @param agent {@code HOST:PORT} of the Consul agent, or a URL
   * @param metrics where Prometheus servers are answered
   * @throws IOException if the agent cannot be reached or refuses; one line
   */
  public static ConsulRegistration register(
      String agent, InetSocketAddress metrics, String mountPoint) throws IOException {
    String address = reachable(metrics.getAddress());
    String base = agent.contains("://") ? agent : "http://" + agent;
    ConsulRegistration registration = new ConsulRegistration(base, address + ":" + mountPoint);
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("hostName", InetAddress.getLocalHost().getHostName());
    meta.put("mountPoint", mountPoint);
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("HTTP", "http://" + address + ":" + metrics.getPort() + "/metrics");
    check.put("Timeout", "5s");
    check.put("Interval", "5s");
    check.put("DeregisterCriticalServiceAfter", "30s");
    Map<String, Object> service = new LinkedHashMap<>();
    service.put("ID", registration.id);
    service.put("Name", "juicefs");
    service.put("Address", address);
    service.put("Port", (long) metrics.getPort());
    service.put("Meta", meta);
    service.put("Check", check);
    registration.put("/v1/agent/service/register", JsonText.compact(service));
    return registration;
  }

  /** A listener on all addresses is told by one that others can use. */
  private static String reachable(InetAddress address) throws UnknownHostException {
    return (address.isAnyLocalAddress() ? InetAddress.getLocalHost() : address).getHostAddress();
  }

  private void put(String path, String body) throws IOException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(agent + path))
              .timeout(PATIENCE)
              .PUT(HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(
            "Consul answers " + answer.statusCode() + " " + answer.body().strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IllegalArgumentException e) {
      throw new IOException("\"" + agent + "\" is not HOST:PORT", e);
    }
  }

  @Override
  public void close() {
    try {
      String name = URLEncoder.encode(id, StandardCharsets.UTF_8);
      put("/v1/agent/service/deregister/" + name, "");
    } catch (IOException e) {
      log.warn("Consul was not told that the mount ends: {}", e.toString());
    }
  }
}
