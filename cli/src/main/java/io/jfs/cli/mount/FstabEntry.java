package io.jfs.cli.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The line of {@code /etc/fstab} that mounts as this command line did: {@code --update-fstab}.
 * fstab(5); command-line spec 3.10.
 *
 * @param metaUrl the volume
 * @param mountPoint where it is mounted
 * @param words options for mount(8) and {@code mount.jfs}
 */
public record FstabEntry(String metaUrl, Path mountPoint, List<String> words) {
  private static final Set<String> LEFT_OUT =
      Set.of("update-fstab", "background", "foreground", "o");

  /**
   * Of the options that were given.
   *
   * @throws IllegalArgumentException if the line could not say that, or would tell a password to
   *     everybody
   */
  public static FstabEntry of(String metaUrl, Path mountPoint, Map<String, String> given) {
    if (metaUrl.matches("[^/]*://[^/]*:.*@.*")) {
      throw new IllegalArgumentException(
          "the metadata URL has a password, which everybody can read in /etc/fstab");
    }
    List<String> words = new ArrayList<>(List.of("_netdev", "nofail"));
    new TreeMap<>(given)
        .forEach(
            (name, value) -> {
              if (!LEFT_OUT.contains(name)) {
                words.add(value.equals("true") ? name : name + "=" + value);
              }
            });
    for (String word : words) {
      if (word.contains(",") || word.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException("\"" + word + "\" cannot stand in /etc/fstab");
      }
    }
    String mountWords = given.getOrDefault("o", "");
    if (!mountWords.isEmpty()) {
      words.add(mountWords);
    }
    return new FstabEntry(metaUrl, mountPoint, List.copyOf(words));
  }

  /** The line. */
  public String line() {
    return metaUrl
        + "  "
        + escaped(mountPoint.toString())
        + "  jfs  "
        + String.join(",", words)
        + "  0 0";
  }

  private static String escaped(String path) {
    return path.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011");
  }

  /**
   * Adds the line to a table, in place of one with the same mount point; it is whole or as before.
   */
  public void putInto(Path table) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(table, StandardCharsets.UTF_8)) {
      if (!isThisMountPoint(line)) {
        lines.add(line);
      }
    }
    lines.add(line());
    Path draft = table.resolveSibling(table.getFileName() + ".jfs");
    Files.copy(
        table, draft, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.write(draft, lines, StandardCharsets.UTF_8);
    Files.move(draft, table, StandardCopyOption.ATOMIC_MOVE);
  }

  private boolean isThisMountPoint(String line) {
    String[] fields = line.strip().split("\\s+");
    return !line.strip().startsWith("#")
        && fields.length > 2
        && fields[1].equals(escaped(mountPoint.toString()))
        && fields[2].equals("jfs");
  }

  /** Lets mount(8) find jfs: links {@code /sbin/mount.jfs} to what was installed beside it. */
  public static void linkHelper(Path link) throws IOException {
    if (Files.exists(link)) {
      return;
    }
    Path program = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
    Path helper = program.resolve("../../../../scripts/mount.jfs").normalize();
    if (!Files.isExecutable(helper)) {
      throw new IOException(helper + ", which mount(8) would call, is not there");
    }
    Path unused = Files.createSymbolicLink(link, helper);
  }
}
