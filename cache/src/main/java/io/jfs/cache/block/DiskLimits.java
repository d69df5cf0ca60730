package io.jfs.cache.block;

import java.time.Duration;

/**
 * One folder's share of the limits.
 *
 * @param capacityBytes bytes it may hold, overhead included
 * @param maxBlocks blocks it may hold; 0 for no limit
 * @param freeSpaceRatio share of the disk that stays free
 * @param eviction how room is made
 * @param scanInterval how often it is read again
 * @param expireAfter unused blocks go after this; zero for never
 * @param maxPendingBytes bytes of blocks that may wait to be written
 * @param maxStagingWrites blocks that may be staged at once
 * @param space measures the disk
 */
record DiskLimits(
    long capacityBytes,
    long maxBlocks,
    double freeSpaceRatio,
    Eviction eviction,
    Duration scanInterval,
    Duration expireAfter,
    long maxPendingBytes,
    int maxStagingWrites,
    DiskSpace space) {}
