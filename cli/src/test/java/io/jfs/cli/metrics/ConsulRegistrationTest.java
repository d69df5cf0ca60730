package io.jfs.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that notes what a Consul agent would be asked for. */
final class ConsulRegistrationTest {
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer agent;
  private volatile int status = 200;

  @BeforeEach
  void begin() throws IOException {
    agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext("/", this::answer);
    agent.start();
  }

  @AfterEach
  void end() {
    agent.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    byte[] said = "no leader".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, said.length);
    exchange.getResponseBody().write(said);
    exchange.close();
  }

  private String address() {
    return "127.0.0.1:" + agent.getAddress().getPort();
  }

  private static ConsulRegistration register(String address) throws IOException {
    InetSocketAddress metrics = new InetSocketAddress("127.0.0.1", 9567);
    return ConsulRegistration.register(address, metrics, "/mnt/jfs");
  }

  @Test
  void comesAndGoes() throws IOException {
    try (ConsulRegistration registered = register(address())) {
      assertThat(registered).isNotNull();
      assertThat(asked).hasSize(1);
      assertThat(asked.get(0))
          .startsWith("PUT /v1/agent/service/register {\"ID\":\"127.0.0.1:/mnt/jfs\"")
          .contains("\"Name\":\"juicefs\"", "\"Port\":9567", "\"mountPoint\":\"/mnt/jfs\"")
          .contains("\"HTTP\":\"http://127.0.0.1:9567/metrics\"", "\"Interval\":\"5s\"")
          .contains("\"DeregisterCriticalServiceAfter\":\"30s\"");
    }
    assertThat(asked.get(1))
        .isEqualTo("PUT /v1/agent/service/deregister/127.0.0.1%3A%2Fmnt%2Fjfs ");
  }

  @Test
  void refusalIsToldInOneLine() {
    status = 500;
    assertThatThrownBy(() -> register(address()).close())
        .isInstanceOf(IOException.class)
        .hasMessage("Consul answers 500 no leader");
  }

  @Test
  void nonsenseIsNoAddress() {
    assertThatThrownBy(() -> register("a b").close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not HOST:PORT");
  }
}
