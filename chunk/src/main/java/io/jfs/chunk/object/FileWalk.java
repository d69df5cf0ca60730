package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One page of the listing of a folder tree in key order. A folder sorts as its name with a slash
 * behind it, because that is how the keys inside begin; folders that cannot hold an answer are not
 * read.
 */
final class FileWalk {
  private record Child(Path path, String key, boolean isDirectory) {}

  private final Path root;
  private final String prefix;
  private final String after;
  private final int limit;
  private final List<ObjectInfo> found = new ArrayList<>();

  FileWalk(Path root, String prefix, String after, int limit) {
    this.root = root;
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
  }

  List<ObjectInfo> run() throws IOException {
    walk(root, "");
    return found;
  }

  private void walk(Path directory, String base) throws IOException {
    for (Child child : childrenOf(directory, base)) {
      if (found.size() >= limit) {
        return;
      }
      if (child.isDirectory) {
        walk(child.path, child.key);
      } else {
        add(child);
      }
    }
  }

  private List<Child> childrenOf(Path directory, String base) throws IOException {
    List<Child> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path path : stream) {
        String key = base + path.getFileName();
        boolean isDirectory = Files.isDirectory(path);
        Child child = new Child(path, isDirectory ? key + "/" : key, isDirectory);
        if (mayMatter(child)) {
          children.add(child);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // removed meanwhile, or nothing stored yet
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    children.sort(Comparator.comparing(Child::key, KeyOrder.INSTANCE));
    return children;
  }

  private boolean mayMatter(Child child) {
    String key = child.key;
    if (!child.isDirectory) {
      return key.startsWith(prefix) && KeyOrder.INSTANCE.compare(key, after) > 0;
    }
    boolean holdsPrefix = key.startsWith(prefix) || prefix.startsWith(key);
    return holdsPrefix && (KeyOrder.INSTANCE.compare(key, after) > 0 || after.startsWith(key));
  }

  private void add(Child child) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(child.path, BasicFileAttributes.class);
      found.add(
          new ObjectInfo(child.key, attributes.size(), attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      // deleted since the folder was read
    }
  }
}
