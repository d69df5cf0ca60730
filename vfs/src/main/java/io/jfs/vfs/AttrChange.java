package io.jfs.vfs;

import io.jfs.meta.model.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * What setattr asks for; a null member stays as it is. Covers chmod(2), chown(2), truncate(2),
 * utimensat(2).
 *
 * @param mode permission bits, 12 bits
 * @param uid owner
 * @param gid group
 * @param lengthBytes new length
 * @param atime explicit access time
 * @param mtime explicit modification time
 * @param atimeNow access time := now (UTIME_NOW)
 * @param mtimeNow modification time := now
 * @param killSuidgid the kernel asks to drop setuid/setgid with this change (FATTR_KILL_SUIDGID)
 */
public record AttrChange(
    @Nullable Integer mode,
    @Nullable Integer uid,
    @Nullable Integer gid,
    @Nullable Long lengthBytes,
    @Nullable Timestamp atime,
    @Nullable Timestamp mtime,
    boolean atimeNow,
    boolean mtimeNow,
    boolean killSuidgid) {}
