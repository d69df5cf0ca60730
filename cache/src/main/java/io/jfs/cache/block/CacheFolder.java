package io.jfs.cache.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * The files of one cache folder (data format 3.2), laid out as the reference client does, so that
 * the folder can be handed from one to the other.
 */
final class CacheFolder {
  private static final int TRUNK_BYTES = 8 << 20;

  private final Path root;
  private final BlockNaming naming;
  private final FileAttribute<Set<PosixFilePermission>> fileMode;
  private final Set<PosixFilePermission> folderMode;

  CacheFolder(Path root, BlockNaming naming, int fileMode, int folderMode) {
    this.root = root;
    this.naming = naming;
    this.fileMode = PosixFilePermissions.asFileAttribute(permissions(fileMode));
    this.folderMode = permissions(folderMode);
  }

  Path root() {
    return root;
  }

  Path raw() {
    return root.resolve("raw");
  }

  Path rawPath(BlockKey key) {
    return raw().resolve(naming.name(key));
  }

  Path staging() {
    return root.resolve("rawstaging");
  }

  Path stagingPath(BlockKey key) {
    return staging().resolve(naming.name(key));
  }

  BlockNaming naming() {
    return naming;
  }

  private Path lockPath() {
    return root.resolve(".lock");
  }

  /** The id of this folder, which is made up at its first use. */
  String openId() throws IOException {
    makeRootDurably();
    makeFolder(raw());
    restoreId(UUID.randomUUID().toString());
    return Files.readString(lockPath(), StandardCharsets.US_ASCII).strip();
  }

  /** Staged blocks that survive a power cut need the folder above them to survive it, too. */
  private void makeRootDurably() throws IOException {
    Path present = root;
    while (!Files.isDirectory(present)) {
      present = parentOf(present);
    }
    makeFolder(root);
    DirectorySync directories = new DirectorySync();
    for (Path made = root; !made.equals(present); made = parentOf(made)) {
      directories.sync(parentOf(made));
    }
  }

  /** Whether the id is still there: the folder was neither removed nor unmounted. */
  boolean hasId() {
    return Files.exists(lockPath());
  }

  /** Writes the id unless there is one. */
  void restoreId(String id) throws IOException {
    try {
      Files.writeString(lockPath(), id, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      return; // the common case
    }
  }

  /** Writes a whole file under a temporary name and then gives it its own. */
  void write(Path path, ByteBuffer data, ByteBuffer trailer) throws IOException {
    Path temp = tempOf(path);
    try {
      writeTemp(temp, data, trailer, Sync.NONE);
    } catch (NoSuchFileException e) {
      makeFolder(parentOf(path));
      writeTemp(temp, data, trailer, Sync.NONE);
    }
    Files.move(temp, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Writes a whole file and returns once the disk has it, name and all. */
  void writeDurably(Path path, ByteBuffer data, ByteBuffer trailer, DirectorySync directories)
      throws IOException {
    Path parent = parentOf(path);
    if (!Files.isDirectory(parent)) {
      makeFolderDurably(parent, directories);
    }
    Path temp = tempOf(path);
    writeTemp(temp, data, trailer, Sync.FSYNC);
    Files.move(temp, path, StandardCopyOption.ATOMIC_MOVE);
    directories.sync(parent);
  }

  private void makeFolderDurably(Path parent, DirectorySync directories) throws IOException {
    makeFolder(parent);
    for (Path made = parent; !made.equals(root); made = parentOf(made)) {
      directories.sync(parentOf(made));
    }
  }

  private static Path tempOf(Path path) {
    return path.resolveSibling(path.getFileName() + ".tmp");
  }

  /** What a write waits for. */
  private enum Sync {
    /** Nothing: a lost file is a miss. */
    NONE,
    /** The disk. */
    FSYNC
  }

  private void writeTemp(Path temp, ByteBuffer data, ByteBuffer trailer, Sync sync)
      throws IOException {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(temp, options, fileMode)) {
      long end = writeFully(channel, data.duplicate(), 0);
      end = writeFully(channel, trailer.duplicate(), end);
      if (channel.size() > end) {
        FileChannel ignored = channel.truncate(end);
      }
      if (sync == Sync.FSYNC) {
        channel.force(false);
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      remove(temp);
      throw e;
    }
  }

  private static long writeFully(FileChannel channel, ByteBuffer bytes, long start)
      throws IOException {
    long at = start;
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + TRUNK_BYTES));
      at += channel.write(bytes, at);
    }
    return at;
  }

  /** Removes a file, if it is there. */
  void remove(Path path) throws IOException {
    boolean ignored = Files.deleteIfExists(path);
  }

  /** Writes, reads and removes a small file: whether the disk works. */
  void probe() throws IOException {
    Path path = raw().resolve("probe").resolve("probe");
    ByteBuffer bytes =
        ByteBuffer.wrap(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
    write(path, bytes, ByteBuffer.allocate(0));
    byte[] back = Files.readAllBytes(path);
    remove(path);
    if (!ByteBuffer.wrap(back).equals(bytes)) {
      throw new IOException("probe file came back changed");
    }
  }

  /** Makes a folder and those above it with the folder mode, whatever the umask. */
  void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      makeFolder(parent);
    }
    try {
      Files.createDirectory(folder);
      Path ignored = Files.setPosixFilePermissions(folder, folderMode);
    } catch (FileAlreadyExistsException e) {
      return; // somebody else was faster
    }
  }

  static Path parentOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no folder above " + path);
    }
    return parent;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return PosixFilePermissions.fromString(text.toString());
  }
}
