package io.jfs.meta.ops;

/**
 * What this client and this volume decide once for all operations.
 *
 * @param checkPermissions the front end does not check permissions itself (without the kernel's
 *     default_permissions)
 * @param aclEnabled the volume keeps POSIX ACLs
 * @param dirStats the volume keeps usage per directory
 * @param skipDirMtimeMillis a directory's times stay when they were moved less than this ago
 *     (metadata spec 6.0); 0 = never skip
 * @param changeLog every change is told to the volume's change log
 */
public record Policy(
    boolean checkPermissions,
    boolean aclEnabled,
    boolean dirStats,
    long skipDirMtimeMillis,
    boolean changeLog) {
  /** Everything the reference does by default, with permission checks. */
  public static final Policy DEFAULT = new Policy(true, true, true, 100, false);
}
