package io.jfs.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The folders that {@code --cache-dir} names. Data spec 3.1. */
final class CacheFolders {
  private static final Pattern WILD = Pattern.compile("[*?\\[]");

  private CacheFolders() {}

  /** Each folder with the volume's UUID appended; empty for {@code memory}. */
  static List<Path> of(String option, String uuid) {
    if (option.equals("memory")) {
      return List.of();
    }
    String given = option.isEmpty() ? UserFolders.cache().toString() : option;
    List<Path> folders = new ArrayList<>();
    for (String part : given.split(given.contains(":") ? ":" : ",")) {
      if (!part.isBlank()) {
        expand(Path.of(part).toAbsolutePath().normalize())
            .forEach(folder -> folders.add(folder.resolve(uuid)));
      }
    }
    return folders;
  }

  /** Folders that a pattern in any of its names matches. */
  private static List<Path> expand(Path pattern) {
    List<Path> found = List.of(Path.of("/"));
    for (Path name : pattern) {
      List<Path> deeper = new ArrayList<>();
      for (Path folder : found) {
        if (WILD.matcher(name.toString()).find()) {
          deeper.addAll(matching(folder, name.toString()));
        } else {
          deeper.add(folder.resolve(name));
        }
      }
      found = deeper;
    }
    return found;
  }

  private static List<Path> matching(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      return List.of();
    }
    found.sort(null);
    return found;
  }
}
