package io.jfs.meta.engine;

import io.jfs.meta.txn.EngineException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The address of a volume's metadata: {@code
 * scheme://[user[:password]@]authority[/path][?options]}. Without a scheme it is Redis, as in the
 * reference; spec vfs-cli 3.2.
 *
 * @param text the whole address, secrets included
 * @param scheme in lower case
 * @param userInfo what stands before the last '@' of the authority, undecoded; null without
 * @param authority hosts and ports
 * @param path with its leading slash; empty without
 * @param options decoded, in written order
 */
public record MetaUrl(
    String text,
    String scheme,
    @Nullable String userInfo,
    String authority,
    String path,
    Map<String, String> options) {
  private static final String SEPARATOR = "://";

  /** Takes an address apart. Nothing is checked but its shape. */
  public static MetaUrl parse(String address) {
    String text = address.contains(SEPARATOR) ? address : "redis" + SEPARATOR + address;
    int schemeEnd = text.indexOf(SEPARATOR);
    String body = text.substring(schemeEnd + SEPARATOR.length());
    int question = body.indexOf('?');
    String place = question < 0 ? body : body.substring(0, question);
    int slash = place.indexOf('/', place.lastIndexOf('@') + 1);
    String front = slash < 0 ? place : place.substring(0, slash);
    int at = front.lastIndexOf('@');
    return new MetaUrl(
        text,
        text.substring(0, schemeEnd).toLowerCase(Locale.ROOT),
        at < 0 ? null : front.substring(0, at),
        front.substring(at + 1),
        slash < 0 ? "" : place.substring(slash),
        question < 0 ? Map.of() : options(body.substring(question + 1)));
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        options.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return options;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Only in options does a plus stand for a space. */
  private static String decodeLiteral(String text) {
    return decode(text.replace("+", "%2B"));
  }

  /** The user, decoded; null without. */
  public @Nullable String user() {
    if (userInfo == null) {
      return null;
    }
    int colon = userInfo.indexOf(':');
    return decodeLiteral(colon < 0 ? userInfo : userInfo.substring(0, colon));
  }

  /** The password, decoded; null without. */
  public @Nullable String password() {
    int colon = userInfo == null ? -1 : userInfo.indexOf(':');
    return userInfo == null || colon < 0 ? null : decodeLiteral(userInfo.substring(colon + 1));
  }

  /** Authority and path together: where a scheme names a place in the file system. */
  public String place() {
    return authority + path;
  }

  /** An option's value, or a default. */
  public String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  /**
   * The servers that the authority names, separated by commas.
   *
   * @throws EngineException FATAL if there is none, or one is not a host and port
   */
  public List<HostPort> hostPorts(int defaultPort) {
    List<HostPort> hosts = new ArrayList<>();
    for (String host : authority.split(",")) {
      if (!host.isEmpty()) {
        hosts.add(hostPort(host, defaultPort));
      }
    }
    if (hosts.isEmpty()) {
      throw invalid("the host is missing");
    }
    return hosts;
  }

  private HostPort hostPort(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']') && colon >= 0;
    String host = hasPort ? text.substring(0, colon) : text;
    try {
      int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : defaultPort;
      if (port > 0 && port < 65536) {
        return new HostPort(host.replace("[", "").replace("]", ""), port);
      }
    } catch (NumberFormatException e) {
      throw invalid("not a host and port: " + text);
    }
    throw invalid("not a host and port: " + text);
  }

  /**
   * The file that an option names; null if it names none.
   *
   * @throws EngineException FATAL if it cannot be read
   */
  public @Nullable Path readableFile(String option) {
    String name = options.get(option);
    if (name == null || name.isEmpty()) {
      return null;
    }
    Path path = Path.of(name);
    if (!Files.isReadable(path)) {
      throw invalid("cannot read " + option + " " + name);
    }
    return path;
  }

  /** The address with the password masked, for people; spec vfs-cli 3.1. */
  public String masked() {
    int start = text.indexOf(SEPARATOR) + SEPARATOR.length();
    int at = text.lastIndexOf('@');
    int colon = text.indexOf(':', start);
    return at < 0 || colon < 0 || colon > at
        ? text
        : text.substring(0, colon) + ":****" + text.substring(at);
  }

  /** The masked address: secrets never reach a log by accident. */
  @Override
  public String toString() {
    return masked();
  }

  /** A refusal that names this address. */
  public EngineException invalid(String why) {
    return new EngineException(EngineException.Kind.FATAL, masked() + ": " + why, null);
  }
}
