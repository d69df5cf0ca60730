package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.engine.MetaUrl;
import org.lmdbjava.EnvFlags;

/** What a commit survives once it is acknowledged. All of them survive the death of the process. */
enum Durability {
  /**
   * After a power loss the volume is whole and as it was at most a checkpoint interval ago, and not
   * before the last sync: no flush per commit. See {@link Checkpointer}.
   */
  CHECKPOINT,
  /** Power loss: two flushes per group of commits. */
  COMMIT,
  /**
   * After a power loss the volume is whole and lacks at most what was committed after the last
   * sync: one flush per group of commits.
   */
  FSYNC,
  /** After a power loss the volume may be broken: scratch volumes only. No flush at all. */
  NONE;

  /** What LMDB calls it. NOTLS lets a reader move between threads. */
  EnvFlags[] flags() {
    return switch (this) {
      case COMMIT -> new EnvFlags[] {EnvFlags.MDB_NOTLS};
      case FSYNC -> new EnvFlags[] {EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOMETASYNC};
      case CHECKPOINT, NONE -> new EnvFlags[] {EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOSYNC};
    };
  }

  /** Whether each group of commits waits for the disk. */
  boolean flushesCommits() {
    return this == COMMIT || this == FSYNC;
  }

  static Durability of(MetaUrl url) {
    String name = url.option("durability", "checkpoint");
    return switch (name) {
      case "checkpoint" -> CHECKPOINT;
      case "commit" -> COMMIT;
      case "fsync" -> FSYNC;
      case "none" -> NONE;
      default -> throw url.invalid("durability is checkpoint, commit, fsync or none, not " + name);
    };
  }
}
