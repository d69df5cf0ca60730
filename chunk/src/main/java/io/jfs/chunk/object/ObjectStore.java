package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Named immutable blobs in some store. Minimal on purpose: what a driver must do and no more;
 * retry, prefix, limits, shards, encryption and checksums are decorators. Thread safe. Absence is
 * {@link NoSuchObjectException}; everything else that fails is an IOException with the store's own
 * words.
 */
public interface ObjectStore extends AutoCloseable {
  /**
   * Where the data lies, for people: {@code file:///var/jfs/}, {@code minio://host/bucket/}. Never
   * with credentials.
   */
  String describe();

  /** Whether a part of an object costs about as little as its length says. */
  default boolean hasCheapRanges() {
    return true;
  }

  /** Makes the bucket or folder if it is missing. */
  void create() throws IOException;

  /**
   * Stores {@code data} (from position to limit, BORROWED and left as it was) under {@code key},
   * whole or not at all, durably.
   */
  void put(String key, ByteBuffer data) throws IOException;

  /**
   * The same, kept as storage tier {@code tier} (0 to 3) wants it; a store that knows no tiers
   * keeps all objects alike.
   */
  default void put(String key, ByteBuffer data, int tier) throws IOException {
    put(key, data);
  }

  /**
   * Reads from {@code off} on into {@code into} until it is full or the object ends.
   *
   * @return number of bytes read
   * @throws NoSuchObjectException if there is none
   */
  int get(String key, long off, ByteBuffer into) throws IOException;

  /** Size and time of an object; null if there is none. */
  @Nullable ObjectInfo head(String key) throws IOException;

  /** Removes an object; a missing one is a success. */
  void delete(String key) throws IOException;

  /**
   * Up to {@code limit} objects whose key starts with {@code prefix} and is greater than {@code
   * after}, in key order (bytewise).
   */
  List<ObjectInfo> list(String prefix, String after, int limit) throws IOException;

  @Override
  void close();
}
