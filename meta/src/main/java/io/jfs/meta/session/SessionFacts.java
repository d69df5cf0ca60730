package io.jfs.meta.session;

import io.jfs.meta.model.ClientVersion;
import io.jfs.meta.model.JsonReader;
import io.jfs.meta.model.JsonText;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is, as its record tells other clients. Metadata spec 1.7.
 *
 * @param version of the client
 * @param hostName of its machine
 * @param ipAddresses of its machine
 * @param mountPoint where it is mounted, or what kind of tool it is
 * @param mountTime since when
 * @param processId its process
 */
public record SessionFacts(
    String version,
    String hostName,
    List<String> ipAddresses,
    String mountPoint,
    Instant mountTime,
    long processId) {
  /** Copies the list. */
  public SessionFacts {
    ipAddresses = List.copyOf(ipAddresses);
  }

  /** This process, mounted at {@code mountPoint} since {@code mountTime}. */
  public static SessionFacts ofThisProcess(String mountPoint, Instant mountTime) {
    return ofThisProcess(mountPoint, mountTime, List.of());
  }

  /** As above, with the addresses of these network interfaces only; none named: of all. */
  public static SessionFacts ofThisProcess(
      String mountPoint, Instant mountTime, List<String> interfaces) {
    return new SessionFacts(
        ClientVersion.PRESENTED,
        localHostName(),
        localAddresses(interfaces),
        mountPoint,
        mountTime,
        ProcessHandle.current().pid());
  }

  private static String localHostName() {
    String name = System.getenv("HOSTNAME");
    if (name != null && !name.isEmpty()) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static List<String> localAddresses(List<String> interfaces) {
    List<String> addresses = new ArrayList<>();
    try {
      for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        boolean wanted =
            interfaces.isEmpty() ? !card.isLoopback() : interfaces.contains(card.getName());
        if (card.isUp() && wanted) {
          card.inetAddresses()
              .filter(address -> !address.isLinkLocalAddress())
              .forEach(address -> addresses.add(address.getHostAddress()));
        }
      }
    } catch (SocketException e) {
      return addresses;
    }
    return addresses;
  }

  /** The stored text: compact JSON. */
  public byte[] toJson() {
    return JsonText.compact(members()).getBytes(StandardCharsets.UTF_8);
  }

  /** The members of the stored text in their order. */
  public Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("Version", version);
    members.put("HostName", hostName);
    if (!ipAddresses.isEmpty()) {
      members.put("IPAddrs", ipAddresses);
    }
    members.put("MountPoint", mountPoint);
    members.put("MountTime", mountTime.toString());
    members.put("ProcessID", processId);
    return members;
  }

  /** A session from its stored text; members that are missing or odd come out empty. */
  public static SessionFacts parse(byte[] text) {
    Map<String, @Nullable Object> members = JsonReader.object(text, "a session's record");
    List<String> addresses = new ArrayList<>();
    if (members.get("IPAddrs") instanceof List<?> list) {
      list.forEach(address -> addresses.add(String.valueOf(address)));
    }
    return new SessionFacts(
        text(members, "Version"),
        text(members, "HostName"),
        addresses,
        text(members, "MountPoint"),
        time(text(members, "MountTime")),
        members.get("ProcessID") instanceof Number n ? n.longValue() : 0);
  }

  private static String text(Map<String, @Nullable Object> members, String member) {
    return members.get(member) instanceof String s ? s : "";
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
