package io.jfs.vfs;

/**
 * What statfs(2) shows, already narrowed by volume limits and quotas.
 *
 * @param totalBytes size
 * @param availableBytes free bytes
 * @param usedInodes inodes in use
 * @param availableInodes inodes that can still be made
 */
public record VolumeStat(
    long totalBytes, long availableBytes, long usedInodes, long availableInodes) {}
