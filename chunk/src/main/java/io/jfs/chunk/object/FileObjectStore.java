package io.jfs.chunk.object;

import io.jfs.cache.block.DirectorySync;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files under a folder (data format 1.7). An object appears whole: it is written under a
 * temporary name and renamed. With {@link Durability#FSYNC} it also survives a power cut once
 * {@link #put} returns, which the reference client does not promise.
 */
public final class FileObjectStore implements ObjectStore {
  /** What {@link #put} waits for. */
  public enum Durability {
    /** The kernel has the bytes: survives the end of this process. */
    PAGE_CACHE,
    /** The disk has the bytes and the name: survives a power cut. */
    FSYNC
  }

  private static final int MAX_TEMP_STEM_BYTES = 200;

  private static final Pattern UNFINISHED = Pattern.compile("(^|/)\\.jfs\\.[^/]+\\.tmp\\.[0-9]+$");

  private final Path root;
  private final Durability durability;
  private final DirectorySync directorySync = new DirectorySync();

  /**
   * Objects under {@code root}, which need not exist yet.
   *
   * @param root made absolute
   */
  public FileObjectStore(Path root, Durability durability) {
    this.root = root.toAbsolutePath().normalize();
    this.durability = durability;
  }

  @Override
  public String describe() {
    return "file://" + root + (root.getNameCount() == 0 ? "" : "/");
  }

  @Override
  public void create() throws IOException {
    Files.createDirectories(root);
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    Path path = resolve(key);
    try {
      if (key.endsWith("/")) {
        makeDirectories(path);
      } else {
        putFile(path, data.duplicate());
      }
    } catch (IOException e) {
      throw translate(key, e);
    }
  }

  private void putFile(Path path, ByteBuffer data) throws IOException {
    Path parent = parentOf(path);
    Path temp = parent.resolve(tempName(path));
    try {
      write(temp, data);
    } catch (NoSuchFileException e) {
      makeDirectories(parent);
      write(temp, data);
    }
    try {
      Files.move(temp, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temp);
      throw e;
    }
    if (durability == Durability.FSYNC) {
      directorySync.sync(parent);
    }
  }

  private void write(Path temp, ByteBuffer data) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            temp,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = data.duplicate();
      while (rest.hasRemaining()) {
        int ignored = file.write(rest);
      }
      if (durability == Durability.FSYNC) {
        file.force(false);
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(temp);
      throw e;
    }
  }

  /** Makes a folder and those above it, and their names durable. */
  private void makeDirectories(Path directory) throws IOException {
    if (durability == Durability.PAGE_CACHE) {
      Files.createDirectories(directory);
      return;
    }
    Path existing = directory;
    while (!Files.isDirectory(existing) && existing.getParent() != null) {
      existing = parentOf(existing);
    }
    Files.createDirectories(directory);
    for (Path made = directory; !made.equals(existing); made = parentOf(made)) {
      directorySync.sync(parentOf(made));
    }
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    Path path = resolve(key);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      int total = 0;
      while (into.hasRemaining()) {
        int count = file.read(into, off + total);
        if (count < 0) {
          break;
        }
        total += count;
      }
      return total;
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new NoSuchObjectException(key);
    } catch (IOException e) {
      if (Files.isDirectory(path)) {
        return 0;
      }
      throw translate(key, e);
    }
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(resolve(key), BasicFileAttributes.class);
      return new ObjectInfo(key, attributes.size(), attributes.lastModifiedTime().toInstant());
    } catch (NoSuchFileException e) {
      return null;
    } catch (FileSystemException e) {
      if (isNotDirectory(e)) {
        return null;
      }
      throw translate(key, e);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    try {
      boolean ignored = Files.deleteIfExists(resolve(key));
    } catch (DirectoryNotEmptyException e) {
      throw new IOException("cannot delete " + key + ": directory not empty", e);
    } catch (FileSystemException e) {
      if (!isNotDirectory(e)) {
        throw translate(key, e);
      }
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    return new FileWalk(root, prefix, after, limit).run();
  }

  @Override
  public void close() {}

  private Path resolve(String key) throws IOException {
    Path path = root.resolve(key).normalize();
    if (key.isEmpty() || !path.startsWith(root) || path.equals(root)) {
      throw new IOException("key outside the store: " + key);
    }
    return path;
  }

  private static Path parentOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no folder above " + path);
    }
    return parent;
  }

  /**
   * Whether a key that a listing shows is no object, but what a writer that died has left of one.
   */
  public static boolean isUnfinished(String key) {
    return UNFINISHED.matcher(key).find();
  }

  private static String tempName(Path path) {
    String name = String.valueOf(path.getFileName());
    int end = Math.min(name.length(), MAX_TEMP_STEM_BYTES);
    while (Utf8.lengthBytes(name, end) > MAX_TEMP_STEM_BYTES) {
      end--;
    }
    int random = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    return ".jfs." + name.substring(0, end) + ".tmp." + random;
  }

  private static boolean isNotDirectory(FileSystemException e) {
    return "Not a directory".equals(e.getReason());
  }

  private static IOException translate(String key, IOException e) {
    String message = String.valueOf(e.getMessage());
    boolean full =
        message.contains("No space left on device") || message.contains("Disk quota exceeded");
    return full ? new NoSpaceException("no space to store " + key, e) : e;
  }
}
