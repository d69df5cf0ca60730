package io.jfs.chunk.object.s3;

import io.jfs.chunk.object.StorageTiers;
import java.time.Duration;

/**
 * All that an S3 store needs to know.
 *
 * @param location where the bucket is
 * @param credentials who asks
 * @param tiers storage classes and tags of new objects
 * @param getTimeout for a whole GET
 * @param putTimeout for a whole PUT or DELETE
 * @param userAgent how the client calls itself
 * @param scheme how the store calls itself: {@code s3} or {@code minio}
 */
public record S3Config(
    S3Location location,
    S3Credentials credentials,
    StorageTiers tiers,
    Duration getTimeout,
    Duration putTimeout,
    String userAgent,
    String scheme) {
  /** The same for another place. */
  public S3Config with(S3Location other) {
    return new S3Config(other, credentials, tiers, getTimeout, putTimeout, userAgent, scheme);
  }
}
