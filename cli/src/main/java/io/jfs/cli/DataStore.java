package io.jfs.cli;

import io.jfs.chunk.object.FileObjectStore;
import io.jfs.chunk.object.FileObjectStore.Durability;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.PrefixedObjectStore;
import io.jfs.cli.command.CommandException;
import io.jfs.meta.model.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object store of a volume, made from its settings: driver, then {@code NAME/} before every
 * key. Every driver is a line in {@link #driver}. Data spec 1.4 to 1.8.
 */
public final class DataStore {
  private static final Logger log = LoggerFactory.getLogger(DataStore.class);
  private static final int PROBE_BYTES = 100;
  private static final int LIST_PAGE = 1000;

  private DataStore() {}

  /**
   * Opens the store that a volume's settings name.
   *
   * @param format with secrets in clear
   * @throws CommandException if there is no such driver, or it refuses the settings
   */
  public static ObjectStore open(Format format, Durability durability) throws CommandException {
    if (!format.text("EncryptKey").isEmpty()) {
      throw new CommandException("this volume's data is encrypted, which this version cannot read");
    }
    if (format.shards() > 1) {
      throw new CommandException("this volume has several buckets, which this version cannot use");
    }
    return new PrefixedObjectStore(driver(format, durability), format.name() + "/");
  }

  private static ObjectStore driver(Format format, Durability durability) throws CommandException {
    String name = format.storage().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "file" -> new FileObjectStore(Path.of(format.bucket()), durability);
      default -> throw new CommandException("Invalid object storage: " + format.storage());
    };
  }

  /** The bucket as it is stored: a folder becomes absolute and ends with a slash. */
  public static String normalizedBucket(String storage, String bucket) {
    if (!storage.equalsIgnoreCase("file")) {
      return bucket;
    }
    String given = bucket.startsWith("file://") ? bucket.substring(7) : bucket;
    Path folder =
        (given.isEmpty() ? UserFolders.data() : Path.of(given)).toAbsolutePath().normalize();
    return folder.getNameCount() == 0 ? "/" : folder + "/";
  }

  /**
   * Writes, reads and deletes an object; makes the bucket if it is missing.
   *
   * @throws CommandException if any of that fails
   */
  public static void test(ObjectStore store) throws CommandException {
    byte[] content = new byte[PROBE_BYTES];
    new SecureRandom().nextBytes(content);
    String key = "testing/" + Long.toString(new SecureRandom().nextLong() >>> 14, 36);
    try {
      store.create();
      store.put(key, ByteBuffer.wrap(content));
      ByteBuffer back = ByteBuffer.allocate(PROBE_BYTES + 1);
      int length = store.get(key, 0, back);
      if (length != PROBE_BYTES || !back.flip().equals(ByteBuffer.wrap(content))) {
        throw new CommandException(
            "Storage " + store.describe() + " does not give back what was written");
      }
      store.delete(key);
      store.delete("testing/");
    } catch (IOException e) {
      throw new CommandException(
          "Storage " + store.describe() + " is not configured correctly: " + e.getMessage(), e);
    }
  }

  /**
   * Requires that no volume of this name has data there.
   *
   * @throws CommandException if there is any
   */
  public static void requireEmpty(ObjectStore store) throws CommandException {
    try {
      Optional<ObjectInfo> found = firstOfData(store);
      if (found.isPresent()) {
        throw new CommandException(
            "Storage "
                + store.describe()
                + " is not empty; please clean it up or pick another volume name");
      }
    } catch (IOException e) {
      throw new CommandException("cannot list " + store.describe() + ": " + e.getMessage(), e);
    }
  }

  private static Optional<ObjectInfo> firstOfData(ObjectStore store) throws IOException {
    String after = "";
    List<ObjectInfo> page;
    do {
      page = store.list("", after, LIST_PAGE);
      Optional<ObjectInfo> data =
          page.stream()
              .filter(o -> o.sizeBytes() > 0 && !o.key().startsWith("testing/"))
              .findFirst();
      if (data.isPresent()) {
        return data;
      }
      after = page.isEmpty() ? "" : page.get(page.size() - 1).key();
    } while (page.size() == LIST_PAGE);
    return Optional.empty();
  }

  /** Says whose data it is, for people who find it. Failing is only worth a warning. */
  public static void writeUuid(ObjectStore store, String uuid) {
    try {
      store.put("juicefs_uuid", ByteBuffer.wrap(uuid.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      log.warn("Cannot write the volume's UUID to {}: {}", store.describe(), e.getMessage());
    }
  }
}
