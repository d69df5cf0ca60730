package io.jfs.chunk.object.s3;

import java.time.Duration;

/**
 * All that an S3 store needs to know.
 *
 * @param location where the bucket is
 * @param credentials who asks
 * @param storageClass for new objects, or empty
 * @param tag for new objects as {@code key=value}, or empty
 * @param getTimeout for a whole GET
 * @param putTimeout for a whole PUT or DELETE
 * @param userAgent how the client calls itself
 * @param scheme how the store calls itself: {@code s3} or {@code minio}
 */
public record S3Config(
    S3Location location,
    S3Credentials credentials,
    String storageClass,
    String tag,
    Duration getTimeout,
    Duration putTimeout,
    String userAgent,
    String scheme) {}
