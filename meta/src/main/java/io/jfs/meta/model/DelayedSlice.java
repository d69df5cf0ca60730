package io.jfs.meta.model;

/**
 * Names one compaction whose replaced slices are still kept.
 *
 * @param compactedId the slice that replaced them
 * @param unixSeconds when
 */
public record DelayedSlice(long compactedId, long unixSeconds) {}
