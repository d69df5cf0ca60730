package io.jfs.meta;

import io.jfs.meta.ops.AtimeMode;
import java.time.Duration;

/**
 * What a client of a volume decides for itself, whatever the volume's settings say. Start from
 * {@link #DEFAULT} and change what differs.
 *
 * @param readOnly refuse every change; no session is recorded, no job runs
 * @param heartbeat how often the session is refreshed; it is given up after five times that
 * @param skipDirMtimeMillis a directory's times stay when they were moved less than this ago
 * @param atimeMode when reading moves the access time
 * @param backgroundJobs whether this client cleans up after others (it always flushes its own
 *     statistics)
 * @param subdir path of the directory that is this client's root; "/" for the whole volume
 * @param patience how long an operation waits for an engine that is away
 * @param maxDeletes threads that delete objects; 0 leaves them to other clients
 * @param checkPermissions check modes and ACLs here, because the kernel does not
 * @param fastStatfs statfs answers from what this client knows, without asking the engine
 * @param continuedSession the session of a client that has ended without closing it, whose locks
 *     and open files this client goes on with; 0 to open one
 */
public record MetaConfig(
    boolean readOnly,
    Duration heartbeat,
    long skipDirMtimeMillis,
    AtimeMode atimeMode,
    boolean backgroundJobs,
    String subdir,
    Duration patience,
    int maxDeletes,
    boolean checkPermissions,
    boolean fastStatfs,
    long continuedSession) {
  /** As the reference's defaults, with a patience of a minute. */
  public static final MetaConfig DEFAULT =
      new MetaConfig(
          false,
          Duration.ofSeconds(12),
          100,
          AtimeMode.NOATIME,
          true,
          "/",
          Duration.ofSeconds(60),
          10,
          true,
          false,
          0);

  /** A copy that refuses changes, or does not. */
  public MetaConfig withReadOnly(boolean value) {
    return new MetaConfig(
        value,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        subdir,
        patience,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy with another heartbeat. */
  public MetaConfig withHeartbeat(Duration value) {
    return new MetaConfig(
        readOnly,
        value,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        subdir,
        patience,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy with another span for directory times. */
  public MetaConfig withSkipDirMtimeMillis(long value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        value,
        atimeMode,
        backgroundJobs,
        subdir,
        patience,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy with another way to keep access times. */
  public MetaConfig withAtimeMode(AtimeMode value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        value,
        backgroundJobs,
        subdir,
        patience,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy that cleans up after others, or does not. */
  public MetaConfig withBackgroundJobs(boolean value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        value,
        subdir,
        patience,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy with another root. */
  public MetaConfig withSubdir(String value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        value,
        patience,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy with another patience. */
  public MetaConfig withPatience(Duration value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        subdir,
        value,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy with another number of deleting threads. */
  public MetaConfig withMaxDeletes(int value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        subdir,
        patience,
        value,
        checkPermissions,
        fastStatfs,
        continuedSession);
  }

  /** A copy that checks permissions, or leaves that to the kernel. */
  public MetaConfig withCheckPermissions(boolean value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        subdir,
        patience,
        maxDeletes,
        value,
        fastStatfs,
        continuedSession);
  }

  /** A copy that answers statfs from what it knows, or asks. */
  public MetaConfig withFastStatfs(boolean value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        subdir,
        patience,
        maxDeletes,
        checkPermissions,
        value,
        continuedSession);
  }

  /** A copy that goes on with the session of a client that has ended without closing it. */
  public MetaConfig withContinuedSession(long value) {
    return new MetaConfig(
        readOnly,
        heartbeat,
        skipDirMtimeMillis,
        atimeMode,
        backgroundJobs,
        subdir,
        patience,
        maxDeletes,
        checkPermissions,
        fastStatfs,
        value);
  }
}
