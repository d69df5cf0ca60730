package io.jfs.cli.mount;

import io.jfs.fuse.KernelConnection;
import io.jfs.fuse.proto.Init.Agreement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a process must know to go on with a mount that another has served: lines of {@code
 * name=value} in a file that only its owner can read, the last of them {@code end=}. The supervisor
 * reads {@code mountPoint} and {@code log} from it.
 *
 * @param mountPoint where it is mounted
 * @param log the log file
 * @param device the mount's {@code major:minor}
 * @param agreement what INIT has agreed on
 * @param session the metadata session; 0 if there is none
 * @param era how many processes have served the mount before the one that wrote this
 * @param orderly whether that one has ended by itself, with all that it carried out answered
 * @param fixed what every process that serves this mount must have in common, by name
 */
public record MountState(
    Path mountPoint,
    Path log,
    String device,
    Agreement agreement,
    long session,
    int era,
    boolean orderly,
    Map<String, String> fixed) {
  private static final String VERSION = "1";
  private static final String FIXED = "fixed.";

  /** Copies the map. */
  public MountState {
    fixed = Map.copyOf(fixed);
  }

  /** The same, ended in order. */
  public MountState ended() {
    return new MountState(mountPoint, log, device, agreement, session, era, true, fixed);
  }

  /** The channel as the next process finds it. */
  public KernelConnection connection(int descriptor) {
    return new KernelConnection(descriptor, device, agreement, orderly);
  }

  /** Replaces the file as a whole. */
  public void writeTo(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text(), StandardCharsets.UTF_8, StandardOpenOption.WRITE);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  String text() {
    Map<String, Object> lines = new LinkedHashMap<>();
    lines.put("version", VERSION);
    lines.put("mountPoint", mountPoint);
    lines.put("log", log);
    lines.put("device", device);
    lines.put("minor", agreement.minor());
    lines.put("maxReadahead", agreement.maxReadahead());
    lines.put("flags", agreement.flags());
    lines.put("maxIoBytes", agreement.maxIoBytes());
    lines.put("session", session);
    lines.put("era", era);
    lines.put("orderly", orderly);
    new TreeMap<>(fixed).forEach((name, value) -> lines.put(FIXED + name, value));
    lines.put("end", "");
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (name, value) -> text.append(name).append('=').append(escape(value)).append('\n'));
    return text.toString();
  }

  private static String escape(Object value) {
    return value.toString().replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String unescape(String value) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '\\' && at + 1 < value.length()) {
        at++;
        c = value.charAt(at) == 'n' ? '\n' : value.charAt(at);
      }
      text.append(c);
    }
    return text.toString();
  }

  /**
   * The state in a file; empty if there is none.
   *
   * @throws IOException it cannot be read, or is not whole
   */
  public static Optional<MountState> readFrom(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no state of a mount: " + e.getMessage(), e);
    }
  }

  static MountState parse(String text) {
    Map<String, String> lines = new TreeMap<>();
    for (String line : text.split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        lines.put(line.substring(0, equals), unescape(line.substring(equals + 1)));
      }
    }
    if (!VERSION.equals(lines.get("version")) || !lines.containsKey("end")) {
      throw new IllegalArgumentException("it is of another version, or cut off");
    }
    Map<String, String> fixed = new TreeMap<>();
    for (String name : Set.copyOf(lines.keySet())) {
      if (name.startsWith(FIXED)) {
        fixed.put(name.substring(FIXED.length()), require(lines, name));
      }
    }
    Agreement agreement =
        new Agreement(
            number(lines, "minor"),
            number(lines, "maxReadahead"),
            number(lines, "flags"),
            number(lines, "maxIoBytes"));
    return new MountState(
        Path.of(require(lines, "mountPoint")),
        Path.of(require(lines, "log")),
        require(lines, "device"),
        agreement,
        Long.parseLong(require(lines, "session")),
        number(lines, "era"),
        Boolean.parseBoolean(require(lines, "orderly")),
        fixed);
  }

  private static int number(Map<String, String> lines, String name) {
    return Integer.parseInt(require(lines, name));
  }

  private static String require(Map<String, String> lines, String name) {
    String value = lines.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + name + " in it");
    }
    return value;
  }
}
