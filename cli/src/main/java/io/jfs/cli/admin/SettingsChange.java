package io.jfs.cli.admin;

import static io.jfs.cli.option.ConfigOptions.CHANGELOG;
import static io.jfs.cli.option.ConfigOptions.CHANGELOG_MAX_AGE;
import static io.jfs.cli.option.ConfigOptions.CHANGELOG_MAX_LINES;
import static io.jfs.cli.option.ConfigOptions.DIR_STATS;
import static io.jfs.cli.option.ConfigOptions.DOWNLOAD_LIMIT;
import static io.jfs.cli.option.ConfigOptions.ENCRYPT_SECRET;
import static io.jfs.cli.option.ConfigOptions.MAX_CLIENT_VERSION;
import static io.jfs.cli.option.ConfigOptions.MIN_CLIENT_VERSION;
import static io.jfs.cli.option.ConfigOptions.TIER;
import static io.jfs.cli.option.ConfigOptions.UPLOAD_LIMIT;
import static io.jfs.cli.option.ConfigOptions.USER_GROUP_QUOTA;
import static io.jfs.cli.option.FormatOptions.ACCESS_KEY;
import static io.jfs.cli.option.FormatOptions.BUCKET;
import static io.jfs.cli.option.FormatOptions.CAPACITY;
import static io.jfs.cli.option.FormatOptions.ENABLE_ACL;
import static io.jfs.cli.option.FormatOptions.INODES;
import static io.jfs.cli.option.FormatOptions.KERBEROS_CONFIG_FILE;
import static io.jfs.cli.option.FormatOptions.RANGER_REST_URL;
import static io.jfs.cli.option.FormatOptions.RANGER_SERVICE;
import static io.jfs.cli.option.FormatOptions.SECRET_KEY;
import static io.jfs.cli.option.FormatOptions.SESSION_TOKEN;
import static io.jfs.cli.option.FormatOptions.STORAGE;
import static io.jfs.cli.option.FormatOptions.STORAGE_CLASS;
import static io.jfs.cli.option.FormatOptions.TAG;
import static io.jfs.cli.option.FormatOptions.TRASH_DAYS;

import io.jfs.cli.DataStore;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.meta.model.ClientVersion;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatRules;
import io.jfs.meta.model.FormatSecrets;
import io.jfs.meta.model.StorageTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** What the options of {@code jfs config} change in a volume's settings, and how that is shown. */
public final class SettingsChange {
  private static final long BYTES_PER_MEGABIT = 125_000;
  private static final Set<Option<?>> SECRETS = Set.of(SECRET_KEY, SESSION_TOKEN);
  private static final Set<Option<?>> WAY_TO_DATA =
      Set.of(STORAGE, BUCKET, ACCESS_KEY, SECRET_KEY, SESSION_TOKEN);

  private final Format before;
  private final Options options;
  private final Map<String, String> lines = new TreeMap<>();
  private final Map<String, Object> changed = new LinkedHashMap<>();
  private boolean reachesElsewhere;
  private Format after;

  private SettingsChange(Format stored, Options options) throws UsageException, FormatException {
    this.before = FormatSecrets.openedForChange(stored);
    this.after = before;
    this.options = options;
    wayToData();
    limits();
    features();
    clients();
    if (options.get(ENCRYPT_SECRET) && FormatSecrets.hasClear(stored)) {
      lines.put(ENCRYPT_SECRET.name(), "done");
    }
    FormatRules.requireValid(after);
  }

  /**
   * The change from the stored settings, as far as options are given.
   *
   * @throws UsageException if a value makes no sense
   * @throws FormatException if no volume may have such settings
   */
  public static SettingsChange of(Format stored, Options options)
      throws UsageException, FormatException {
    return new SettingsChange(stored, options);
  }

  /** Whether nothing is to be done. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The settings after the change, secrets in clear. */
  public Format after() {
    return after;
  }

  /**
   * Other settings, secrets in clear, with the same change: what others changed meanwhile stays.
   */
  public Format appliedTo(Format present) {
    Format result = present;
    for (Map.Entry<String, Object> member : changed.entrySet()) {
      result = result.set(member.getKey(), member.getValue());
    }
    return result;
  }

  /** Whether data will be reached in another way. */
  public boolean reachesElsewhere() {
    return reachesElsewhere;
  }

  /** One line for each member that changes, sorted by option. */
  public List<String> lines() {
    List<String> shown = new ArrayList<>();
    lines.forEach((name, text) -> shown.add(String.format(Locale.ROOT, "%10s: %s", name, text)));
    return shown;
  }

  /**
   * What the operator should know before.
   *
   * @param usedSpaceBytes of the volume
   * @param usedInodes of the volume
   */
  public List<String> warnings(long usedSpaceBytes, long usedInodes) {
    List<String> warnings = new ArrayList<>();
    if (lines.containsKey(CAPACITY.name()) && isBelow(after.capacityBytes(), usedSpaceBytes)) {
      warnings.add(
          "The new capacity is less than what is used ("
              + Quantities.bytes(usedSpaceBytes)
              + "), so nothing more can be written.");
    }
    if (lines.containsKey(INODES.name()) && isBelow(after.inodeLimit(), usedInodes)) {
      warnings.add(
          "The new limit of inodes is less than what is used ("
              + Quantities.grouped(usedInodes)
              + "), so nothing more can be created.");
    }
    if (before.trashDays() > 0 && after.trashDays() == 0) {
      warnings.add(
          "The current trash will be emptied and future removed files will purged immediately.");
    }
    if (lines.containsKey(MIN_CLIENT_VERSION.name()) && options.has(MIN_CLIENT_VERSION)) {
      warnings.add(
          "Clients below version "
              + after.text("MinClientVersion")
              + " will be rejected after modification.");
    }
    String max = after.text("MaxClientVersion");
    if (lines.containsKey(MAX_CLIENT_VERSION.name()) && !max.isEmpty()) {
      warnings.add("Clients above version " + max + " will be rejected after modification.");
    }
    return warnings;
  }

  private static boolean isBelow(long limit, long used) {
    return limit > 0 && limit < used;
  }

  private void wayToData() throws UsageException, FormatException {
    text(STORAGE, "Storage");
    if (options.has(BUCKET)) {
      String bucket = DataStore.normalizedBucket(after.storage(), options.get(BUCKET));
      change(BUCKET, "Bucket", bucket, String::valueOf);
    }
    text(ACCESS_KEY, "AccessKey");
    text(SECRET_KEY, "SecretKey");
    text(SESSION_TOKEN, "SessionToken");
    tier();
  }

  /** The class of tier 0 stands twice in the settings: by itself, too. */
  private void tier() throws UsageException, FormatException {
    long id = options.get(TIER);
    if (id < 0 || id > StorageTier.MAX_ID) {
      throw new UsageException("invalid value for --tier: 0 to " + StorageTier.MAX_ID);
    }
    if (!options.has(STORAGE_CLASS) && !options.has(TAG)) {
      if (options.has(TIER)) {
        throw new UsageException("--tier says whose --storage-class or --tag is to be changed");
      }
      return;
    }
    StorageTier present =
        StorageTier.of(before).getOrDefault((int) id, new StorageTier((int) id, "", ""));
    StorageTier wanted =
        new StorageTier(
            (int) id,
            options.has(STORAGE_CLASS) ? options.get(STORAGE_CLASS) : present.storageClass(),
            options.has(TAG) ? options.get(TAG) : present.tag());
    wanted.requireValid();
    if (wanted.equals(present)) {
      return;
    }
    showChange(id, STORAGE_CLASS, present.storageClass(), wanted.storageClass());
    showChange(id, TAG, present.tag(), wanted.tag());
    reachesElsewhere = true;
    Format changedTo = wanted.addTo(after);
    Object tiers = changedTo.members().get("Tiers");
    if (tiers != null) {
      set("Tiers", tiers);
    }
    if (id == 0) {
      set("StorageClass", wanted.storageClass());
    }
  }

  private void showChange(long tier, Option<String> option, String present, String wanted) {
    if (!present.equals(wanted)) {
      String name = tier == 0 ? option.name() : "tier " + tier + " " + option.name();
      lines.put(name, present + " -> " + wanted);
    }
  }

  private void limits() {
    if (options.has(UPLOAD_LIMIT)) {
      change(UPLOAD_LIMIT, "UploadLimit", mbps(UPLOAD_LIMIT), SettingsChange::shownMbps);
    }
    if (options.has(DOWNLOAD_LIMIT)) {
      change(DOWNLOAD_LIMIT, "DownloadLimit", mbps(DOWNLOAD_LIMIT), SettingsChange::shownMbps);
    }
    if (options.has(CAPACITY)) {
      change(CAPACITY, "Capacity", options.get(CAPACITY), n -> Quantities.bytes(number(n)));
    }
    if (options.has(INODES)) {
      change(INODES, "Inodes", options.get(INODES), n -> Quantities.grouped(number(n)));
    }
    if (options.has(TRASH_DAYS)) {
      change(TRASH_DAYS, "TrashDays", options.get(TRASH_DAYS), n -> Long.toString(number(n)));
    }
  }

  private void features() throws UsageException {
    flag(ENABLE_ACL, "EnableACL");
    flag(DIR_STATS, "DirStats");
    flag(USER_GROUP_QUOTA, "UserGroupQuota");
    changeLog();
    text(RANGER_REST_URL, "RangerRestUrl");
    text(RANGER_SERVICE, "RangerService");
    kerberos();
  }

  private void kerberos() throws UsageException {
    if (!options.has(KERBEROS_CONFIG_FILE)) {
      return;
    }
    try {
      String file = options.get(KERBEROS_CONFIG_FILE);
      String wanted = file.isEmpty() ? "" : Files.readString(Path.of(file));
      if (!wanted.equals(before.text("KerbConf"))) {
        set("KerbConf", wanted);
        lines.put(KERBEROS_CONFIG_FILE.name(), "updated");
      }
    } catch (IOException e) {
      throw new UsageException("--kerberos-config-file: " + e.getMessage());
    }
  }

  private void changeLog() {
    flag(CHANGELOG, "ChangeLog");
    boolean begins = after.flag("ChangeLog") && !before.flag("ChangeLog");
    if (options.has(CHANGELOG_MAX_AGE) || (begins && before.number("ChangeLogMaxAge") == 0)) {
      long seconds = options.get(CHANGELOG_MAX_AGE).toSeconds();
      change(CHANGELOG_MAX_AGE, "ChangeLogMaxAge", seconds, n -> number(n) + "s");
    }
    if (options.has(CHANGELOG_MAX_LINES)) {
      long lines = options.get(CHANGELOG_MAX_LINES);
      change(CHANGELOG_MAX_LINES, "ChangeLogMaxLines", lines, n -> Quantities.grouped(number(n)));
    }
  }

  private void clients() throws UsageException, FormatException {
    if (options.has(MIN_CLIENT_VERSION)) {
      ClientVersion wanted = version(MIN_CLIENT_VERSION);
      String present = before.text("MinClientVersion");
      if (!present.isEmpty() && wanted.compareTo(ClientVersion.parse(present)) < 0) {
        throw new UsageException(
            "cannot lower min-client-version from " + present + " to " + wanted);
      }
      text(MIN_CLIENT_VERSION, "MinClientVersion");
    }
    Format needed = FormatRules.withNeededClient(after);
    if (!needed.text("MinClientVersion").equals(after.text("MinClientVersion"))) {
      change(
          MIN_CLIENT_VERSION, "MinClientVersion", needed.text("MinClientVersion"), String::valueOf);
    }
    if (options.has(MAX_CLIENT_VERSION)) {
      if (!options.get(MAX_CLIENT_VERSION).isEmpty()) {
        ClientVersion newest = version(MAX_CLIENT_VERSION);
        String oldest = after.text("MinClientVersion");
        if (!oldest.isEmpty() && newest.compareTo(ClientVersion.parse(oldest)) < 0) {
          throw new UsageException(
              "max-client-version " + newest + " is below min-client-version " + oldest);
        }
      }
      text(MAX_CLIENT_VERSION, "MaxClientVersion");
    }
  }

  private ClientVersion version(Option<String> option) throws UsageException {
    try {
      return ClientVersion.parse(options.get(option));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + option.name() + ": " + e.getMessage());
    }
  }

  /** Whole megabits, at least one if there is any. */
  private long mbps(Option<Long> option) {
    return (options.get(option) + BYTES_PER_MEGABIT - 1) / BYTES_PER_MEGABIT;
  }

  private void text(Option<String> option, String member) {
    if (options.has(option)) {
      change(option, member, options.get(option), String::valueOf);
    }
  }

  private void flag(Option<Boolean> option, String member) {
    if (options.has(option)) {
      change(option, member, options.get(option), String::valueOf);
    }
  }

  private void change(
      Option<?> option, String member, Object wanted, Function<Object, String> shown) {
    Object present = presentLike(member, wanted);
    if (present.equals(wanted)) {
      return;
    }
    set(member, wanted);
    reachesElsewhere |= WAY_TO_DATA.contains(option);
    String text =
        SECRETS.contains(option) ? "updated" : shown.apply(present) + " -> " + shown.apply(wanted);
    lines.put(option.name(), text);
  }

  private void set(String member, Object value) {
    changed.put(member, value);
    after = after.set(member, value);
  }

  private Object presentLike(String member, Object wanted) {
    if (wanted instanceof Boolean) {
      return before.flag(member);
    }
    return wanted instanceof Long ? (Object) before.number(member) : before.text(member);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private static String shownMbps(Object value) {
    return Quantities.megabits(number(value));
  }
}
