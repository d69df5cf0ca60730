package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.engine.MetaUrl;
import org.lmdbjava.EnvFlags;

/** What a commit survives once it is acknowledged. All of them survive the death of the process. */
enum Durability {
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
      case NONE -> new EnvFlags[] {EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOSYNC};
    };
  }

  static Durability of(MetaUrl url) {
    String name = url.option("durability", "fsync");
    return switch (name) {
      case "commit" -> COMMIT;
      case "fsync" -> FSYNC;
      case "none" -> NONE;
      default -> throw url.invalid("durability is commit, fsync or none, not " + name);
    };
  }
}
