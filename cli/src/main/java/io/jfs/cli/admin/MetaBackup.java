package io.jfs.cli.admin;

import static io.jfs.vfs.stats.Metric.gauge;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.dump.DumpOptions;
import io.jfs.meta.dump.JsonDump;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.txn.Engine;
import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of a volume's metadata beside its data, {@code meta/dump-....json.gz}, as the
 * reference does: of all clients that have the volume mounted one makes the next copy, and thins
 * out old ones. Data spec 1.6.
 */
public final class MetaBackup implements AutoCloseable, StatsSource {
  private static final Logger log = LoggerFactory.getLogger(MetaBackup.class);
  private static final Metric LAST =
      gauge("last_successful_backup", "When this client backed metadata up last; 0 for never.");
  private static final Metric LAST_SECONDS =
      gauge("last_backup_duration", "How long the last backup of metadata took, in seconds.");
  private static final String FOLDER = "meta/";
  private static final int LOOKS_PER_INTERVAL = 10;
  private static final int READERS = 2;
  private static final long MOST_INODES_HOURLY = 1_000_000;

  private final Engine engine;
  private final ObjectStore store;
  private final Duration interval;
  private final boolean skipTrash;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "jfs-meta-backup");
            made.setDaemon(true);
            return made;
          });

  private volatile long lastSecond;
  private volatile double lastDurationSeconds;

  /** Backups of the engine's volume into {@code store}; nothing happens before {@link #start}. */
  public MetaBackup(
      Engine engine, ObjectStore store, Duration interval, boolean skipTrash, InstantSource clock) {
    this.engine = engine;
    this.store = store;
    this.interval = interval;
    this.skipTrash = skipTrash;
    this.clock = clock;
  }

  /** Begins to look now and then whether a backup is due. */
  public void start() {
    long nanos = interval.dividedBy(LOOKS_PER_INTERVAL).toNanos();
    // A look logs its own failures, so nobody looks at this future.
    Future<?> unused =
        thread.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    try {
      boolean made = runIfDue();
      log.debug("metadata backup made: {}", made);
    } catch (FormatException | IOException | RuntimeException e) {
      log.warn("metadata backup: {}", e.toString());
    }
  }

  /**
   * Makes a backup unless one was begun less than the interval ago, by anybody.
   *
   * @return whether it was made
   */
  boolean runIfDue() throws FormatException, IOException {
    VolumeAdmin admin = new VolumeAdmin(engine);
    Instant now = clock.instant();
    if (!admin.takeBackup(now, interval)) {
      return false;
    }
    long inodes = admin.totals().inodes();
    if (interval.compareTo(Duration.ofHours(1)) <= 0 && inodes > MOST_INODES_HOURLY) {
      log.warn("metadata backup is skipped because of {} inodes: use --backup-meta 2h", inodes);
      return false;
    }
    String name = BackupRotation.name(now);
    Path file = Files.createTempFile("jfs-", "-" + name);
    try {
      dump(file);
      upload(file, FOLDER + name);
    } finally {
      Files.delete(file);
    }
    log.info("backup metadata succeed, as {}{}", FOLDER, name);
    Instant done = clock.instant();
    lastDurationSeconds = Duration.between(now, done).toNanos() / 1e9;
    lastSecond = done.getEpochSecond();
    thinOut(now);
    return true;
  }

  private void dump(Path file) throws FormatException, IOException {
    try (Writer out =
        new BufferedWriter(
            new OutputStreamWriter(
                new DumpFile.FastGzip(Files.newOutputStream(file)), StandardCharsets.UTF_8))) {
      new JsonDump(engine, new DumpOptions("", false, skipTrash, READERS), () -> {}).write(out);
    }
  }

  private void upload(Path file, String key) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      store.put(key, channel.map(MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  private void thinOut(Instant now) throws IOException {
    List<String> names = new ArrayList<>();
    StoredObjects objects = new StoredObjects(store, FOLDER);
    for (ObjectInfo object = objects.next(); object != null; object = objects.next()) {
      names.add(object.key().substring(FOLDER.length()));
    }
    for (String name : BackupRotation.outdated(names, now)) {
      store.delete(FOLDER + name);
    }
  }

  @Override
  public void collect(Sink sink) {
    sink.count(LAST, lastSecond);
    sink.value(LAST_SECONDS, lastDurationSeconds);
  }

  /** Ends; a backup that is being made is broken off and made again by the next client. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
