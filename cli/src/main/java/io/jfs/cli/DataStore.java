package io.jfs.cli;

import io.jfs.chunk.encrypt.EncryptedObjectStore;
import io.jfs.chunk.encrypt.Encryption;
import io.jfs.chunk.encrypt.PrivateKeyFile;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.PrefixedObjectStore;
import io.jfs.chunk.object.RateLimitedObjectStore;
import io.jfs.chunk.object.StorageTiers;
import io.jfs.chunk.storage.ObjectStores;
import io.jfs.chunk.storage.StorageSpec;
import io.jfs.cli.command.CommandException;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.StorageTier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object store of a volume, made from its settings: driver, shards, {@code NAME/} before every
 * key, encryption. Every driver is a line in {@link ObjectStores}. Data spec 1.4 to 1.8.
 */
public final class DataStore {
  private static final Logger log = LoggerFactory.getLogger(DataStore.class);
  private static final int PROBE_BYTES = 100;
  private static final int LIST_PAGE = 1000;

  private DataStore() {}

  /**
   * Opens the store that a volume's settings name, for a command.
   *
   * @param format with secrets in clear
   * @throws CommandException if there is no such driver, or it refuses the settings
   */
  public static ObjectStore open(Format format) throws CommandException {
    return open(format, StoreSettings.ofTool());
  }

  /** As {@link #open(Format)}, for a mount. */
  static ObjectStore open(Format format, StoreSettings settings) throws CommandException {
    if (!ObjectStores.names().contains(format.storage().toLowerCase(Locale.ROOT))) {
      throw new CommandException("Invalid object storage: " + format.storage());
    }
    try {
      ObjectStore all = ObjectStores.open(spec(format, settings));
      ObjectStore limited =
          new RateLimitedObjectStore(all, settings.uploads(), settings.downloads());
      ObjectStore own = new PrefixedObjectStore(limited, format.name() + "/");
      return encrypted(own, format, settings);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException("object storage: " + e.getMessage(), e);
    }
  }

  private static StorageSpec spec(Format format, StoreSettings settings) {
    return new StorageSpec(
        format.storage(),
        format.bucket(),
        format.text("AccessKey"),
        format.text("SecretKey"),
        format.text("SessionToken"),
        format.shards(),
        tiers(format),
        settings.getTimeout(),
        settings.putTimeout(),
        "JuiceFS-" + Version.current(),
        settings.durability(),
        System::getenv);
  }

  private static StorageTiers tiers(Format format) {
    Map<Integer, StorageTiers.Tier> tiers = new HashMap<>();
    StorageTier.of(format)
        .forEach(
            (id, tier) -> tiers.put(id, new StorageTiers.Tier(tier.storageClass(), tier.tag())));
    boolean isSet =
        tiers.values().stream().anyMatch(t -> !t.storageClass().isEmpty() || !t.tag().isEmpty());
    boolean knowsTiers =
        !List.of("file", "ceph").contains(format.storage().toLowerCase(Locale.ROOT));
    if (isSet && !knowsTiers) {
      log.warn("Set storage tier: not supported");
    }
    return new StorageTiers(tiers);
  }

  private static ObjectStore encrypted(ObjectStore store, Format format, StoreSettings settings)
      throws IOException {
    String key = format.text("EncryptKey");
    if (key.isEmpty()) {
      return store;
    }
    Encryption encryption =
        Encryption.of(
            format.text("EncryptAlgo"),
            PrivateKeyFile.parse(key, System.getenv("JFS_RSA_PASSPHRASE")));
    return new EncryptedObjectStore(store, encryption, settings.pool());
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
