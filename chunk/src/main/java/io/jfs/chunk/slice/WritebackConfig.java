package io.jfs.chunk.slice;

import java.time.Duration;

/**
 * Whether and how blocks wait on a local disk for their upload.
 *
 * @param maxBlockBytes blocks up to this size are staged; 0 stages none ({@code --writeback} off)
 * @param uploadDelay how long a block waits at least
 * @param hours when uploads are allowed
 */
public record WritebackConfig(int maxBlockBytes, Duration uploadDelay, UploadHours hours) {
  /** Every block is uploaded before it counts as written. */
  public static final WritebackConfig OFF =
      new WritebackConfig(0, Duration.ZERO, UploadHours.ALWAYS);

  /** Every block is staged, and uploaded as soon as possible. */
  public static final WritebackConfig ON =
      new WritebackConfig(Integer.MAX_VALUE, Duration.ZERO, UploadHours.ALWAYS);
}
