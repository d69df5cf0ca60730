package io.jfs.meta;

import io.jfs.meta.background.QuotaBook;
import io.jfs.meta.background.Totals;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.VolumeUsage;
import java.util.function.Supplier;

/** What statfs(2) shows. Metadata spec 6.17. */
final class Capacity {
  private static final long UNLIMITED_BYTES = 1L << 50;
  private static final long UNLIMITED_INODES = 10L << 20;
  private static final long LARGEST = 1L << 62;

  private final Totals totals;
  private final QuotaBook quotas;
  private final Supplier<Format> format;
  private final boolean fast;

  /** {@code fast}: from what this client knows, at most a heartbeat old, without asking. */
  Capacity(Totals totals, QuotaBook quotas, Supplier<Format> format, boolean fast) {
    this.fast = fast;
    this.totals = totals;
    this.quotas = quotas;
    this.format = format;
  }

  /** The volume's usage, narrowed by the directory quotas that count {@code directory}. */
  VolumeUsage at(Ino directory) throws FsException {
    VolumeUsage usage = ofVolume(fast ? totals.known() : totals.reload());
    for (QuotaBook.QuotaUsage quota : quotas.usagesAbove(directory)) {
      usage = narrowed(usage, quota);
    }
    return usage;
  }

  private VolumeUsage ofVolume(Totals.Usage used) {
    Format settings = format.get();
    long total = Math.max(settings.capacityBytes(), used.spaceBytes());
    if (settings.capacityBytes() <= 0) {
      total = UNLIMITED_BYTES;
      while (total < LARGEST && total / 10 * 8 < used.spaceBytes()) {
        total *= 2;
      }
    }
    long freeInodes = Math.max(0, settings.inodeLimit() - used.inodes());
    if (settings.inodeLimit() <= 0) {
      freeInodes = UNLIMITED_INODES;
      while (freeInodes < LARGEST && freeInodes < used.inodes() / 4) {
        freeInodes *= 2;
      }
    }
    return new VolumeUsage(
        total, Math.max(0, total - used.spaceBytes()), used.inodes(), freeInodes);
  }

  private static VolumeUsage narrowed(VolumeUsage usage, QuotaBook.QuotaUsage quota) {
    QuotaLimits limits = quota.limits();
    VolumeUsage narrow = usage;
    long freeBytes = Math.max(0, limits.maxSpaceBytes() - quota.usedSpaceBytes());
    if (limits.maxSpaceBytes() > 0 && freeBytes < usage.availableBytes()) {
      narrow =
          new VolumeUsage(
              limits.maxSpaceBytes(), freeBytes, narrow.usedInodes(), narrow.availableInodes());
    }
    long freeInodes = Math.max(0, limits.maxInodes() - quota.usedInodes());
    if (limits.maxInodes() > 0 && freeInodes < usage.availableInodes()) {
      narrow =
          new VolumeUsage(
              narrow.totalBytes(), narrow.availableBytes(), quota.usedInodes(), freeInodes);
    }
    return narrow;
  }
}
