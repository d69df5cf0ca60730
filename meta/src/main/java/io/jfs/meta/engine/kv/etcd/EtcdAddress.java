package io.jfs.meta.engine.kv.etcd;

import io.jfs.meta.engine.HostPort;
import io.jfs.meta.engine.MetaUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An address {@code etcd://[user[:password]@]host[:2379][,host...]/prefix[?cacert=&cert=&key=&
 * server-name=&insecure-skip-verify]}. Spec vfs-cli 3.2 and metadata 4.1.
 *
 * @param text for people, password masked
 * @param hosts at least one
 * @param prefix of all keys of the volume: the path with its slash, and 0xFD
 * @param user null without authentication
 * @param password empty if none is known
 * @param tls null for plain connections
 */
record EtcdAddress(
    String text,
    List<HostPort> hosts,
    byte[] prefix,
    @Nullable String user,
    String password,
    @Nullable Tls tls) {
  private static final int DEFAULT_PORT = 2379;
  private static final byte PREFIX_END = (byte) 0xFD;

  /**
   * How to trust and be trusted; members are null where the address says nothing.
   *
   * @param verify false: any certificate will do
   */
  record Tls(
      @Nullable Path caCertificates,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable String serverName,
      boolean verify) {}

  static EtcdAddress of(MetaUrl url, Map<String, String> environment) {
    List<HostPort> hosts = url.hostPorts(DEFAULT_PORT);
    byte[] path = url.path().getBytes(StandardCharsets.UTF_8);
    byte[] prefix = Arrays.copyOf(path, path.length + 1);
    prefix[path.length] = PREFIX_END;
    return new EtcdAddress(
        url.masked(), hosts, prefix, url.user(), password(url, environment), tls(url));
  }

  private static String password(MetaUrl url, Map<String, String> environment) {
    String given = url.password();
    if (given != null) {
      return given;
    }
    String fromEnvironment = environment.get("META_PASSWORD");
    if (fromEnvironment != null) {
      return fromEnvironment;
    }
    String file = environment.get("META_PASSWORD_FILE");
    try {
      return file == null ? "" : Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw url.invalid("cannot read META_PASSWORD_FILE " + file);
    }
  }

  private static @Nullable Tls tls(MetaUrl url) {
    Path cacert = url.readableFile("cacert");
    Path cert = url.readableFile("cert");
    Path key = url.readableFile("key");
    String serverName = url.options().get("server-name");
    if (cacert == null && cert == null && key == null && serverName == null) {
      return null;
    }
    if ((cert == null) != (key == null)) {
      throw url.invalid("cert and key go together");
    }
    String skip = url.option("insecure-skip-verify", "false");
    boolean verify = !skip.isEmpty() && !skip.equals("1") && !skip.equalsIgnoreCase("true");
    return new Tls(cacert, cert, key, serverName, verify);
  }
}
