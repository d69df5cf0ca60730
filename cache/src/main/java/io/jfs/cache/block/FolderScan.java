package io.jfs.cache.block;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the folder {@code raw} and tells of each block in it; tidies up leftovers on the way. */
final class FolderScan {
  private static final Logger log = LoggerFactory.getLogger(FolderScan.class);
  private static final Duration YOUNG = Duration.ofMinutes(1);
  private static final String ATTRIBUTES = "unix:isDirectory,nlink,lastAccessTime,lastModifiedTime";

  /** Is told of each block. */
  @FunctionalInterface
  interface Visitor {
    /**
     * A block's file.
     *
     * @param staged whether it has a second link, which means that it is not uploaded yet
     */
    void found(BlockKey key, boolean staged, int lastUsedSeconds);
  }

  private final CacheFolder folder;
  private final Instant tidyBefore;
  private final Visitor visitor;
  private volatile boolean stopped;

  FolderScan(CacheFolder folder, Instant now, Visitor visitor) {
    this.folder = folder;
    this.tidyBefore = now.minus(YOUNG);
    this.visitor = visitor;
  }

  void run() {
    scan(folder.raw(), "");
  }

  /** Ends a running scan soon. */
  void stop() {
    stopped = true;
  }

  private void scan(Path directory, String base) {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (stopped) {
          return;
        }
        visit(child, base + child.getFileName());
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      log.debug("{} went away while it was scanned", directory);
    } catch (IOException | DirectoryIteratorException e) {
      log.warn("cannot scan cache folder {}: {}", directory, e.toString());
    }
  }

  private void visit(Path path, String name) throws IOException {
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(path, ATTRIBUTES);
    } catch (NoSuchFileException e) {
      return; // evicted meanwhile
    }
    boolean old = time(attributes, "lastModifiedTime").toInstant().isBefore(tidyBefore);
    if (Boolean.TRUE.equals(attributes.get("isDirectory"))) {
      scan(path, name + "/");
      if (old) {
        removeQuietly(path); // goes only if it is empty
      }
    } else if (name.endsWith(".tmp")) {
      if (old) {
        removeQuietly(path);
      }
    } else {
      report(name, attributes);
    }
  }

  private void report(String name, Map<String, Object> attributes) {
    BlockKey key = folder.naming().parse(name);
    if (key != null && attributes.get("nlink") instanceof Integer links) {
      long used = time(attributes, "lastAccessTime").toInstant().getEpochSecond();
      visitor.found(key, links > 1, (int) used);
    }
  }

  private static FileTime time(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof FileTime time ? time : FileTime.fromMillis(0);
  }

  private static void removeQuietly(Path path) {
    try {
      boolean ignored = Files.deleteIfExists(path);
    } catch (IOException e) {
      log.debug("{} stays: {}", path, e.toString());
    }
  }
}
