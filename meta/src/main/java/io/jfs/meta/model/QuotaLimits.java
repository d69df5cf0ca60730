package io.jfs.meta.model;

/**
 * Limits of a quota; 0 or less is no limit.
 *
 * @param maxSpaceBytes bytes
 * @param maxInodes inodes
 */
public record QuotaLimits(long maxSpaceBytes, long maxInodes) {}
