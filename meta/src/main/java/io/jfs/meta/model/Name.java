package io.jfs.meta.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A file name: 1 to 255 raw bytes without '/' and NUL. Names are bytes, not text; {@link
 * #toString()} is for people only. Ordered bytewise, unsigned, as ordered key-value engines order
 * keys.
 */
public final class Name implements Comparable<Name> {
  /** Longest name in bytes (metadata spec section 0). */
  public static final int MAX_BYTES = 255;

  private final byte[] bytes;
  private int hash;

  private Name(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes ownership of {@code bytes}: the caller must not change them afterwards.
   *
   * @throws FsException EINVAL if empty or with '/' or NUL; ENAMETOOLONG if longer than {@link
   *     #MAX_BYTES}
   */
  public static Name of(byte[] bytes) throws FsException {
    if (bytes.length == 0) {
      throw Errno.EINVAL.exception();
    }
    if (bytes.length > MAX_BYTES) {
      throw Errno.ENAMETOOLONG.exception();
    }
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        throw Errno.EINVAL.exception();
      }
    }
    return new Name(bytes);
  }

  /**
   * A name from the store, which may break the rules that {@link #of(byte[])} checks. Takes
   * ownership.
   */
  public static Name stored(byte[] bytes) {
    return new Name(bytes);
  }

  /** A name from text that is known to be valid: constants and tests. */
  public static Name of(String text) {
    try {
      return of(text.getBytes(StandardCharsets.UTF_8));
    } catch (FsException e) {
      throw new IllegalArgumentException("not a file name: " + text, e);
    }
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The bytes themselves, to be read only: for encoders. */
  public byte[] bytes() {
    return bytes;
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  /** Whether this is "." or "..". */
  public boolean isDotOrDotDot() {
    return bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.'));
  }

  @Override
  public int compareTo(Name other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Name name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = Arrays.hashCode(bytes);
      hash = h;
    }
    return h;
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
