package io.jfs.meta.model;

/**
 * What statfs(2) shows of a volume, already narrowed by its limits and by directory quotas.
 *
 * @param totalBytes size
 * @param availableBytes free
 * @param usedInodes in use
 * @param availableInodes that can still be made
 */
public record VolumeUsage(
    long totalBytes, long availableBytes, long usedInodes, long availableInodes) {}
