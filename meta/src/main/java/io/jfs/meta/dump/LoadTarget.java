package io.jfs.meta.dump;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.model.ClientVersion;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.FormatRules;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.RecordTxn;
import io.jfs.meta.txn.Transactor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An empty database into which a volume is loaded. It becomes a volume with its very last commit,
 * which writes the setting; until then a mark says that a load is on its way, so that a load which
 * was interrupted can be told from somebody's data and be started over.
 */
final class LoadTarget {
  private static final Logger LOG = LoggerFactory.getLogger(LoadTarget.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Engine engine;
  private final Transactor transactor;
  private final byte[] mark = ("load " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);

  /**
   * Takes the database.
   *
   * @throws FormatException it holds a volume, or anything else
   */
  LoadTarget(Engine engine) throws FormatException {
    this.engine = engine;
    this.transactor = Transactor.ofTool(engine, PATIENCE);
    Format present = new VolumeAdmin(engine).find();
    if (present != null) {
      throw new FormatException(
          "database " + engine.describe() + " is used by volume " + present.name());
    }
    if (change((records, maybe) -> records.get(Records.LOADING, Volume.KEY) != null)) {
      LOG.info("A load was interrupted in {}: starting over", engine.describe());
      engine.destroy();
    } else if (!engine.isEmpty()) {
      throw new FormatException("database " + engine.describe() + " is not empty");
    }
    change(
        (records, maybe) -> {
          records.put(Records.LOADING, Volume.KEY, mark);
          return true;
        });
  }

  /** Writes to it. */
  BulkWriter writer(int threads) {
    return new BulkWriter(transactor, this::check, threads);
  }

  private void check(RecordTxn records) {
    if (!Arrays.equals(records.get(Records.LOADING, Volume.KEY), mark)) {
      throw new EngineException(
          EngineException.Kind.FATAL,
          "somebody else has begun to load into " + engine.describe(),
          null);
    }
  }

  /** A sequence hands out {@code next} next, if it is not further already. */
  void advance(Sequence sequence, long next) {
    long missing = Math.max(0, next - engine.peek(sequence));
    do {
      int step = (int) Math.min(missing, Integer.MAX_VALUE);
      engine.allocate(sequence, step);
      missing -= step;
    } while (missing > 0);
  }

  /**
   * Requires a setting that this client understands.
   *
   * @throws FormatException it does not
   */
  static void requireUsable(Format format) throws FormatException {
    if (format.name().isEmpty() || format.uuid().isEmpty()) {
      throw new FormatException("the dump has no setting of a volume");
    }
    FormatRules.requireUsable(format, ClientVersion.COMPATIBLE);
  }

  /** Makes the loaded records a volume. Everything else must be committed. */
  void finish(Format format) {
    byte[] setting = FormatJson.toBytes(format);
    change(
        (records, maybeApplied) -> {
          if (maybeApplied && Arrays.equals(records.get(Records.SETTING, Volume.KEY), setting)) {
            return true;
          }
          check(records);
          records.put(Records.SETTING, Volume.KEY, setting);
          records.delete(Records.LOADING, Volume.KEY);
          return true;
        });
    engine.sync();
  }

  /** Leaves the database empty again, unless it is somebody else's by now. */
  void abandon() {
    try {
      if (change(
          (records, maybe) -> Arrays.equals(records.get(Records.LOADING, Volume.KEY), mark))) {
        engine.destroy();
      }
    } catch (RuntimeException e) {
      LOG.warn("{} keeps a part of the volume, load again: {}", engine.describe(), e.getMessage());
    }
  }

  private interface Change {
    boolean apply(RecordTxn records, boolean maybeApplied);
  }

  private boolean change(Change change) {
    try {
      return transactor
          .run(Ino.ROOT, attempt -> change.apply(attempt.records(), attempt.maybeApplied()))
          .answer();
    } catch (FsException e) {
      throw new EngineException(
          EngineException.Kind.FATAL, engine.describe() + ": " + e.getMessage(), e);
    }
  }
}
