package io.jfs.chunk.storage;

import io.jfs.chunk.object.FileObjectStore.Durability;
import io.jfs.chunk.object.StorageTiers;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which object store, as a volume's setting and a mount's options tell.
 *
 * @param storage name of the driver: {@code --storage}
 * @param bucket {@code --bucket}; with shards it holds one {@code %d}
 * @param accessKey public part of the credentials, or empty
 * @param secretKey secret part, or empty
 * @param sessionToken of temporary credentials, or empty
 * @param shards number of stores that keys are spread over; 0 and 1 mean one
 * @param tiers storage classes and tags of new objects
 * @param getTimeout for a whole GET
 * @param putTimeout for a whole PUT or DELETE
 * @param userAgent how the client calls itself
 * @param durability what a PUT of storage {@code file} waits for
 * @param environment looks up environment variables
 */
public record StorageSpec(
    String storage,
    String bucket,
    String accessKey,
    String secretKey,
    String sessionToken,
    int shards,
    StorageTiers tiers,
    Duration getTimeout,
    Duration putTimeout,
    String userAgent,
    Durability durability,
    Function<String, @Nullable String> environment) {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /** A store with the defaults of a mount and without credentials. */
  public static StorageSpec of(String storage, String bucket) {
    return new StorageSpec(
        storage,
        bucket,
        "",
        "",
        "",
        0,
        StorageTiers.NONE,
        DEFAULT_TIMEOUT,
        DEFAULT_TIMEOUT,
        "jfs",
        Durability.FSYNC,
        System::getenv);
  }

  /** The same with these credentials. */
  public StorageSpec withCredentials(String access, String secret, String token) {
    return new StorageSpec(
        storage,
        bucket,
        access,
        secret,
        token,
        shards,
        tiers,
        getTimeout,
        putTimeout,
        userAgent,
        durability,
        environment);
  }

  /** The same spread over so many stores. */
  public StorageSpec withShards(int count) {
    return with(bucket, count);
  }

  /** The same with these storage classes and tags. */
  public StorageSpec withTiers(StorageTiers other) {
    return new StorageSpec(
        storage,
        bucket,
        accessKey,
        secretKey,
        sessionToken,
        shards,
        other,
        getTimeout,
        putTimeout,
        userAgent,
        durability,
        environment);
  }

  /** The same whose PUT waits for this, if it is a folder. */
  public StorageSpec withDurability(Durability other) {
    return new StorageSpec(
        storage,
        bucket,
        accessKey,
        secretKey,
        sessionToken,
        shards,
        tiers,
        getTimeout,
        putTimeout,
        userAgent,
        other,
        environment);
  }

  StorageSpec with(String otherBucket, int count) {
    return new StorageSpec(
        storage,
        otherBucket,
        accessKey,
        secretKey,
        sessionToken,
        count,
        tiers,
        getTimeout,
        putTimeout,
        userAgent,
        durability,
        environment);
  }

  @Override
  public String toString() {
    return storage + " " + bucket; // never the secrets
  }
}
