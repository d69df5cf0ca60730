package io.jfs.meta.engine.redis;

import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The address of a volume in Redis, taken apart. Grammar: spec vfs-cli 3.2; masking: 3.1.
 *
 * @param kind how the hosts are to be read
 * @param tls whether connections are encrypted
 * @param hosts one server, or the sentinels, or some nodes of a cluster; empty for a Unix socket
 * @param unixSocket path of the socket; null unless kind is UNIX
 * @param masterName the sentinels' name for the master; null unless kind is SENTINEL
 * @param user null for the default user
 * @param password null for none
 * @param sentinelPassword null for none
 * @param database number of the logical database, or of the hash tag in a cluster
 * @param options behind the question mark
 * @param masked the address for people
 */
record RedisUrl(
    Kind kind,
    boolean tls,
    List<Host> hosts,
    @Nullable String unixSocket,
    @Nullable String masterName,
    @Nullable String user,
    @Nullable String password,
    @Nullable String sentinelPassword,
    int database,
    RedisOptions options,
    String masked) {

  /** What the hosts of an address are. */
  enum Kind {
    /** One server; found out at connection time to be a node of a cluster or not. */
    SERVER,
    UNIX,
    SENTINEL,
    CLUSTER
  }

  /** One server's address. */
  record Host(String name, int port) {}

  private static final int DEFAULT_PORT = 6379;
  private static final int DEFAULT_SENTINEL_PORT = 26379;

  /**
   * Takes an address further apart.
   *
   * @param environment for passwords that the address leaves out: REDIS_PASSWORD, META_PASSWORD,
   *     META_PASSWORD_FILE, SENTINEL_PASSWORD
   * @throws EngineException FATAL with the reason, if it does not follow the grammar
   */
  static RedisUrl parse(MetaUrl url, Map<String, String> environment) {
    try {
      return new Parser(url, environment).parse();
    } catch (IllegalArgumentException e) {
      throw url.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** Never shows a password. */
  @Override
  public String toString() {
    return masked;
  }

  /** Before every key of the volume in a cluster. Spec 3.1. */
  String hashTag() {
    return "{" + database + "}";
  }

  private static final class Parser {
    private final MetaUrl url;
    private final Map<String, String> environment;
    private final RedisOptions options;

    Parser(MetaUrl url, Map<String, String> environment) {
      this.url = url;
      this.environment = environment;
      this.options = RedisOptions.parse(url.options());
    }

    RedisUrl parse() {
      return switch (url.scheme()) {
        case "unix" -> of(Kind.UNIX, List.of(), null);
        case "redis", "rediss" -> server();
        default -> throw new IllegalArgumentException("not a Redis scheme");
      };
    }

    private RedisUrl server() {
      String authority = url.authority();
      String[] parts = authority.split(",", -1);
      if (parts.length == 1) {
        return of(Kind.SERVER, List.of(host(authority, DEFAULT_PORT)), null);
      }
      int colon = authority.indexOf(':');
      if (colon >= 0 && colon < authority.indexOf(',')) {
        return of(Kind.CLUSTER, hosts(List.of(parts), DEFAULT_PORT), null);
      }
      List<String> sentinels = List.of(parts).subList(1, parts.length);
      Host last = host(sentinels.get(sentinels.size() - 1), DEFAULT_SENTINEL_PORT);
      return of(Kind.SENTINEL, hosts(sentinels, last.port()), parts[0]);
    }

    private RedisUrl of(Kind kind, List<Host> hosts, @Nullable String masterName) {
      boolean unix = kind == Kind.UNIX;
      if (unix && url.path().isEmpty()) {
        throw new IllegalArgumentException("no path of a socket");
      }
      return new RedisUrl(
          kind,
          url.scheme().equals("rediss"),
          hosts,
          unix ? url.path() : null,
          masterName,
          user(),
          password(),
          environment.get("SENTINEL_PASSWORD"),
          unix ? options.database() : database(),
          options,
          url.masked());
    }

    private int database() {
      String number = url.path().replace("/", "");
      if (number.isEmpty()) {
        return options.database();
      }
      try {
        return Integer.parseUnsignedInt(number);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("not a database number: " + number, e);
      }
    }

    private @Nullable String user() {
      String user = url.user();
      return user == null || user.isEmpty() ? null : user;
    }

    private @Nullable String password() {
      String given = url.password();
      if (given != null && !given.isEmpty()) {
        return given;
      }
      for (String variable : List.of("REDIS_PASSWORD", "META_PASSWORD")) {
        String password = environment.get(variable);
        if (password != null && !password.isEmpty()) {
          return password;
        }
      }
      String file = environment.get("META_PASSWORD_FILE");
      return file == null || file.isEmpty() ? null : passwordIn(Path.of(file));
    }

    private static String passwordIn(Path file) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new IllegalArgumentException("cannot read META_PASSWORD_FILE " + file, e);
      }
    }

    private static List<Host> hosts(List<String> texts, int defaultPort) {
      List<Host> hosts = new ArrayList<>();
      texts.forEach(text -> hosts.add(host(text, defaultPort)));
      return List.copyOf(hosts);
    }

    private static Host host(String text, int defaultPort) {
      int colon = text.lastIndexOf(':');
      boolean bareV6 = text.indexOf(':') != colon && !text.startsWith("[");
      if (colon < 0 || bareV6 || text.endsWith("]")) {
        return new Host(name(text), defaultPort);
      }
      String port = text.substring(colon + 1);
      try {
        return new Host(
            name(text.substring(0, colon)),
            port.isEmpty() ? defaultPort : Integer.parseUnsignedInt(port));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("not a port: " + port, e);
      }
    }

    private static String name(String text) {
      String name = text.startsWith("[") ? text.replaceAll("[\\[\\]]", "") : text;
      return name.isEmpty() ? "127.0.0.1" : name;
    }
  }
}
