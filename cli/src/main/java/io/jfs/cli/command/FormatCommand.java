package io.jfs.cli.command;

import static io.jfs.cli.option.FormatOptions.ACCESS_KEY;
import static io.jfs.cli.option.FormatOptions.BLOCK_SIZE;
import static io.jfs.cli.option.FormatOptions.BUCKET;
import static io.jfs.cli.option.FormatOptions.CAPACITY;
import static io.jfs.cli.option.FormatOptions.COMPRESS;
import static io.jfs.cli.option.FormatOptions.ENABLE_ACL;
import static io.jfs.cli.option.FormatOptions.ENCRYPT_ALGO;
import static io.jfs.cli.option.FormatOptions.ENCRYPT_RSA_KEY;
import static io.jfs.cli.option.FormatOptions.FORCE;
import static io.jfs.cli.option.FormatOptions.HASH_PREFIX;
import static io.jfs.cli.option.FormatOptions.INODES;
import static io.jfs.cli.option.FormatOptions.KERBEROS_CONFIG_FILE;
import static io.jfs.cli.option.FormatOptions.NO_UPDATE;
import static io.jfs.cli.option.FormatOptions.RANGER_REST_URL;
import static io.jfs.cli.option.FormatOptions.RANGER_SERVICE;
import static io.jfs.cli.option.FormatOptions.SECRET_KEY;
import static io.jfs.cli.option.FormatOptions.SESSION_TOKEN;
import static io.jfs.cli.option.FormatOptions.SHARDS;
import static io.jfs.cli.option.FormatOptions.STORAGE;
import static io.jfs.cli.option.FormatOptions.STORAGE_CLASS;
import static io.jfs.cli.option.FormatOptions.TAG;
import static io.jfs.cli.option.FormatOptions.TRASH_DAYS;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.DataStore;
import io.jfs.cli.option.FormatOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.FormatRules;
import io.jfs.meta.model.StorageTier;
import io.jfs.meta.txn.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code jfs format}: makes a volume. The order matters, so that a failure leaves nothing behind:
 * settings are checked, then the object store, and the metadata is written last.
 */
final class FormatCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(FormatCommand.class);

  @Override
  public String name() {
    return "format";
  }

  @Override
  public String summary() {
    return "Make a volume.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL", "NAME");
  }

  @Override
  public List<OptionGroup> options() {
    return FormatOptions.GROUPS;
  }

  @Override
  public String explanation() {
    return """
        META-URL says where the metadata lives: lmdb:///path/to/folder (embedded, one host),
        redis://host:6379/1, etcd://host1,host2,host3/prefix,
        tikv://pd1,pd2,pd3/prefix.
        NAME is 3 to 63 small letters, digits and dashes; data is stored under it.
        The name, block size, compression, shards and hashing of a volume never change.

        Examples:
          jfs format --storage file --bucket /srv/jfs/ lmdb:///srv/jfs/meta.lmdb myvolume
          jfs format --capacity 100 --trash-days 7 redis://localhost/1 team
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    String url = invocation.arguments().get(0);
    Format wanted = settings(invocation.arguments().get(1), invocation.options());
    try {
      FormatRules.requireValid(wanted);
      try (Engine engine = Engines.open(url, System.getenv())) {
        log.info("Meta address: {}", engine.describe());
        Format stored = format(new VolumeAdmin(engine), wanted, invocation.options());
        log.info("Volume is formatted as {}", FormatJson.toDisplay(stored));
      }
      return 0;
    } catch (FormatException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Format format(VolumeAdmin admin, Format wanted, Options options)
      throws FormatException, CommandException {
    Format present = admin.find();
    if (present == null) {
      return create(admin, wanted);
    }
    if (options.get(NO_UPDATE)) {
      return present;
    }
    if (!options.get(FORCE)) {
      throw new CommandException(
          "volume \""
              + present.name()
              + "\" exists already; leave it with --no-update, or overwrite its settings with"
              + " --force");
    }
    try (ObjectStore store = DataStore.open(wanted)) {
      log.info("Data use {}", store.describe());
      testUnlessToldNotTo(store);
    }
    return admin.update(ignored -> wanted, VolumeAdmin.Checks.FORCED);
  }

  private static Format create(VolumeAdmin admin, Format wanted)
      throws FormatException, CommandException {
    try (ObjectStore store = DataStore.open(wanted)) {
      log.info("Data use {}", store.describe());
      if (testUnlessToldNotTo(store)) {
        DataStore.requireEmpty(store);
        DataStore.writeUuid(store, wanted.uuid());
      }
      return admin.create(wanted);
    }
  }

  private static boolean testUnlessToldNotTo(ObjectStore store) throws CommandException {
    String skip = System.getenv("JFS_NO_CHECK_OBJECT_STORAGE");
    boolean test = skip == null || skip.isEmpty();
    if (test) {
      DataStore.test(store);
    }
    return test;
  }

  private static Format settings(String name, Options options) throws UsageException {
    String storage = options.get(STORAGE);
    Format format =
        VolumeAdmin.defaults(name)
            .set("Storage", storage)
            .set("Bucket", DataStore.normalizedBucket(storage, options.get(BUCKET)))
            .set("AccessKey", orEnvironment(options, ACCESS_KEY, "ACCESS_KEY"))
            .set("SecretKey", orEnvironment(options, SECRET_KEY, "SECRET_KEY"))
            .set("SessionToken", orEnvironment(options, SESSION_TOKEN, "SESSION_TOKEN"))
            .set("BlockSize", options.get(BLOCK_SIZE) / 1024)
            .set("Compression", options.get(COMPRESS))
            .set("HashPrefix", options.get(HASH_PREFIX))
            .set("Shards", options.get(SHARDS))
            .set("Capacity", options.get(CAPACITY))
            .set("Inodes", options.get(INODES))
            .set("EncryptKey", textOf(options, ENCRYPT_RSA_KEY))
            .set("EncryptAlgo", options.get(ENCRYPT_ALGO))
            .set("TrashDays", options.get(TRASH_DAYS))
            .set("EnableACL", options.get(ENABLE_ACL))
            .set("RangerRestUrl", options.get(RANGER_REST_URL))
            .set("RangerService", options.get(RANGER_SERVICE))
            .set("KerbConf", textOf(options, KERBEROS_CONFIG_FILE));
    try {
      StorageTier tier = new StorageTier(0, options.get(STORAGE_CLASS), options.get(TAG));
      tier.requireValid();
      return tier.addTo(format);
    } catch (FormatException e) {
      throw new UsageException("--tag: " + e.getMessage());
    }
  }

  /** What is in the file that an option names; empty for none. */
  private static String textOf(Options options, Option<String> option) throws UsageException {
    String file = options.get(option);
    try {
      return file.isEmpty() ? "" : Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UsageException("--" + option.name() + ": " + Causes.oneLine(e));
    }
  }

  private static String orEnvironment(Options options, Option<String> option, String variable) {
    String given = options.get(option);
    String environment = System.getenv(variable);
    return given.isEmpty() && environment != null ? environment : given;
  }
}
