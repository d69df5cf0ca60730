package io.jfs.chunk.object;

import java.time.Instant;

/**
 * What a store knows of an object.
 *
 * @param key its name
 * @param sizeBytes stored size
 * @param modified when it was stored
 */
public record ObjectInfo(String key, long sizeBytes, Instant modified) {}
