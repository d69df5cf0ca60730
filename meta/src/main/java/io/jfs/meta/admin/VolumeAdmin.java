package io.jfs.meta.admin;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ClientVersion;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.FormatRules;
import io.jfs.meta.model.FormatSecrets;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.RecordTxn;
import io.jfs.meta.txn.Row;
import io.jfs.meta.txn.Transactor;
import io.jfs.meta.txn.TxnMetrics;
import io.jfs.meta.txn.Waiting;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Formats, changes and destroys a volume. Settings come and go with secrets in clear; they are
 * stored sealed. Metadata spec 2 and 3.4, vfs-cli spec 3.4.
 */
public final class VolumeAdmin {
  /** What every command says about an engine without a volume. */
  public static final String NOT_FORMATTED =
      "database is not formatted, please run `jfs format ...` first";

  private static final Name LAST_BACKUP = Name.of("lastBackup");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Map<String, Object> DEFAULT_TIERS = Map.of("0", defaultTier());

  private final Engine engine;
  private final Transactor transactor;
  private final InstantSource clock;
  private final RandomGenerator random;

  /** Administers the volume of an engine, which stays the caller's to close. */
  public VolumeAdmin(Engine engine) {
    this(engine, InstantSource.system(), new SecureRandom());
  }

  /** As {@link #VolumeAdmin(Engine)}, with the moment and the nonces injected. */
  public VolumeAdmin(Engine engine, InstantSource clock, RandomGenerator random) {
    this.engine = engine;
    this.clock = clock;
    this.random = random;
    this.transactor =
        new Transactor(
            engine, PATIENCE, random, System::nanoTime, Waiting.SYSTEM, new TxnMetrics());
  }

  /** How strict a change is. */
  public enum Checks {
    /** Members that are fixed for the volume's life may not differ. */
    STRICT,
    /** Anything goes that a volume can be created with. */
    FORCED
  }

  private static Map<String, Object> defaultTier() {
    Map<String, Object> tier = new LinkedHashMap<>();
    tier.put("ID", 0L);
    tier.put("StorageClass", "");
    tier.put("Tag", "");
    return tier;
  }

  /** A volume's settings to start from when creating one: everything by default. */
  public static Format defaults(String name) {
    return new Format(Map.of())
        .set("Name", name)
        .set("UUID", UUID.randomUUID().toString())
        .set("Storage", "file")
        .set("Tiers", DEFAULT_TIERS)
        .set("Bucket", "")
        .set("BlockSize", 4096L)
        .set("Compression", "none")
        .set("EncryptAlgo", "aes256gcm-rsa")
        .set("TrashDays", 1L)
        .set("MetaVersion", (long) FormatRules.META_VERSION)
        .set("MinClientVersion", "1.1.0-A")
        .set("DirStats", true)
        .set("EnableACL", false);
  }

  /**
   * The stored settings, secrets sealed; null if there is no volume.
   *
   * @throws io.jfs.meta.model.CorruptRecordException if the setting does not parse
   */
  public @Nullable Format find() {
    try {
      return transactor
          .read(attempt -> Optional.ofNullable(attempt.records().get(Records.SETTING, Volume.KEY)))
          .map(FormatJson::parse)
          .orElse(null);
    } catch (FsException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The settings for use by this client, secrets in clear.
   *
   * @throws FormatException no volume; or one that this version of the client may not use
   */
  public Format load() throws FormatException {
    Format stored = find();
    if (stored == null) {
      throw new FormatException(NOT_FORMATTED);
    }
    FormatRules.requireUsable(stored, ClientVersion.COMPATIBLE);
    return FormatSecrets.opened(stored);
  }

  /**
   * Creates the volume.
   *
   * @param wanted settings, secrets in clear
   * @return what is stored now
   * @throws FormatException invalid settings, or there is a volume already
   */
  public Format create(Format wanted) throws FormatException {
    FormatRules.requireValid(wanted);
    Format sealed = FormatSecrets.sealed(FormatRules.withNeededClient(wanted), random);
    boolean created =
        commit(
            records -> {
              if (records.get(Records.SETTING, Volume.KEY) != null) {
                return false;
              }
              put(records, sealed);
              records.put(Records.ATTR, Ino.ROOT, directory(0777));
              return true;
            });
    if (!created) {
      throw new FormatException("the volume is formatted already");
    }
    engine.allocate(Records.Sequence.INODE, 0);
    engine.allocate(Records.Sequence.SLICE, 0);
    return sealed;
  }

  /**
   * Changes the settings of the volume that is there. Its UUID stays.
   *
   * @param change from the present settings to the wanted ones, secrets in clear; secrets that were
   *     stripped are {@code removed}
   * @return what is stored now
   * @throws FormatException no volume; invalid settings, or a fixed member differs
   */
  public Format update(UnaryOperator<Format> change, Checks checks) throws FormatException {
    Format stored = find();
    if (stored == null) {
      throw new FormatException(NOT_FORMATTED);
    }
    if (checks == Checks.STRICT) {
      FormatRules.requireUsable(stored, ClientVersion.COMPATIBLE);
    }
    Format wanted = change.apply(FormatSecrets.openedForChange(stored)).with("UUID", stored.uuid());
    FormatRules.requireValid(wanted);
    if (checks == Checks.STRICT) {
      FormatRules.requireCompatible(stored, wanted);
      requireAclKept(stored, wanted);
      requireStatsForQuotas(stored, wanted);
    }
    Format sealed = FormatSecrets.sealed(FormatRules.withNeededClient(wanted), random);
    boolean saved =
        commit(
            records -> {
              byte[] present = records.get(Records.SETTING, Volume.KEY);
              if (present == null
                  || !FormatJson.parse(present).members().equals(stored.members())) {
                return false;
              }
              put(records, sealed);
              return true;
            });
    if (!saved) {
      throw new FormatException("the volume's setting was changed by somebody else, try again");
    }
    forgetOldStatistics(stored, sealed);
    if (!stored.flag("UserGroupQuota") && sealed.flag("UserGroupQuota")) {
      new OwnerUsage(engine, transactor).start();
    }
    return sealed;
  }

  private static void requireAclKept(Format stored, Format wanted) throws FormatException {
    if (stored.aclEnabled() && !wanted.aclEnabled()) {
      throw new FormatException("cannot disable acl");
    }
  }

  /** What directories use is kept up through their statistics. */
  private void requireStatsForQuotas(Format stored, Format wanted) throws FormatException {
    if (stored.dirStats() && !wanted.dirStats() && hasDirectoryQuota()) {
      throw new FormatException("cannot disable dir-stats while directories have quotas");
    }
  }

  private boolean hasDirectoryQuota() {
    boolean[] found = new boolean[1];
    new Scans(engine)
        .each(Records.QUOTA, (key, limits) -> found[0] |= key.kind() == QuotaKey.Kind.DIRECTORY);
    return found[0];
  }

  /**
   * What a volume uses.
   *
   * @param spaceBytes bytes
   * @param inodes number
   */
  public record Totals(long spaceBytes, long inodes) {}

  /** What the volume uses, as its counters say. */
  public Totals totals() {
    try {
      return transactor.read(
          attempt -> {
            long[] space = attempt.records().get(Records.USED_SPACE, Volume.KEY);
            long[] inodes = attempt.records().get(Records.USED_INODES, Volume.KEY);
            return new Totals(
                space == null ? 0 : Math.max(0, space[0]),
                inodes == null ? 0 : Math.max(0, inodes[0]));
          });
    } catch (FsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Statistics that nobody kept for a while are worse than none. */
  private void forgetOldStatistics(Format before, Format after) {
    if (!before.dirStats() && after.dirStats()) {
      Object from = null;
      do {
        Page<Row<Ino, long[]>> page = engine.scan(Records.DIR_STAT, from, 1000);
        for (Row<Ino, long[]> row : page.rows()) {
          commit(
              records -> {
                records.delete(Records.DIR_STAT, row.key());
                return true;
              });
        }
        from = page.next();
      } while (from != null);
    }
  }

  /**
   * A client that has the volume mounted.
   *
   * @param sid its session
   * @param host where it runs
   * @param mountPoint where it shows the volume
   */
  public record LivingSession(long sid, String host, String mountPoint) {}

  /** Sessions whose time is not over. */
  public List<LivingSession> livingSessions() {
    long now = clock.instant().getEpochSecond();
    Map<Long, SessionFacts> facts = new HashMap<>();
    List<LivingSession> living = new ArrayList<>();
    new Scans(engine)
        .each(Records.SESSION, (volume, sid, json) -> facts.put(sid, SessionFacts.parse(json)));
    new Scans(engine)
        .each(
            Records.SESSION_EXPIRY,
            (volume, sid, expiry) -> {
              if (expiry > now) {
                SessionFacts who = facts.get(sid);
                living.add(
                    new LivingSession(
                        sid,
                        who == null ? "?" : who.hostName(),
                        who == null ? "" : who.mountPoint()));
              }
            });
    return living;
  }

  /**
   * Takes it on to back the metadata up, unless somebody has done so less than {@code interval}
   * ago. That is noted where the format notes it: in an extended attribute of the root. Metadata
   * spec 8.4.
   */
  public boolean takeBackup(Instant now, Duration interval) {
    String text = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return commit(
        records -> {
          byte[] last = records.get(Records.XATTR, Ino.ROOT, LAST_BACKUP);
          if (last != null && time(last).isAfter(now.minus(interval))) {
            return false;
          }
          records.put(
              Records.XATTR, Ino.ROOT, LAST_BACKUP, text.getBytes(StandardCharsets.US_ASCII));
          return true;
        });
  }

  private static Instant time(byte[] text) {
    try {
      return OffsetDateTime.parse(new String(text, StandardCharsets.US_ASCII)).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /**
   * Deletes the volume's metadata, all of it.
   *
   * @throws FormatException no volume, or another one than {@code uuid}
   */
  public void destroy(String uuid) throws FormatException {
    Format stored = find();
    if (stored == null) {
      throw new FormatException(NOT_FORMATTED);
    }
    if (!stored.uuid().equals(uuid)) {
      throw new FormatException("UUID " + uuid + " != " + stored.uuid());
    }
    engine.destroy();
  }

  private void put(RecordTxn records, Format sealed) {
    records.put(Records.SETTING, Volume.KEY, FormatJson.toBytes(sealed));
    if (sealed.trashDays() > 0 && records.get(Records.ATTR, Ino.TRASH_ROOT) == null) {
      records.put(Records.ATTR, Ino.TRASH_ROOT, directory(0555));
    }
  }

  private Attr directory(int mode) {
    Timestamp now = new Timestamp(clock.instant().getEpochSecond(), 0);
    return new Attr(
        FileType.DIRECTORY,
        0,
        mode,
        0,
        0,
        now,
        now,
        now,
        2,
        Attr.DIRECTORY_LENGTH_BYTES,
        0,
        Ino.ROOT,
        0,
        0,
        0);
  }

  private interface Change {
    boolean apply(RecordTxn records);
  }

  private boolean commit(Change change) {
    try {
      return transactor.run(Ino.ROOT, attempt -> change.apply(attempt.records())).answer();
    } catch (FsException e) {
      throw new EngineException(
          EngineException.Kind.FATAL, engine.describe() + ": " + e.getMessage(), e);
    }
  }
}
