package io.jfs.cli.metrics;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.CacheMetrics;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.chunk.object.RequestMetrics;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.meta.txn.TxnMetrics;

/**
 * Everything in a mount that counts.
 *
 * @param operations what the kernel asked for
 * @param transactions what metadata cost
 * @param requests to the object store
 * @param slices reading and writing
 * @param cacheCounts of the block cache
 * @param cache itself
 * @param budget memory for data
 */
public record MetricsSources(
    OperationCounts operations,
    TxnMetrics transactions,
    RequestMetrics requests,
    SliceMetrics slices,
    CacheMetrics cacheCounts,
    BlockCache cache,
    MemoryBudget budget) {}
