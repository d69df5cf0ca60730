package io.jfs.fuse.jnr;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.VolumeStat;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/** Fills the C library's structures. */
final class Stats {
  private static final int BLOCK_SIZE_BYTES = 65536;
  private static final int STATFS_BLOCK_BYTES = 4096;

  private Stats() {}

  static void put(FileStat to, Ino ino, Attr attr) {
    to.st_ino.set(ino.value());
    to.st_mode.set(attr.statMode());
    to.st_nlink.set(attr.nlink());
    to.st_uid.set(attr.uid());
    to.st_gid.set(attr.gid());
    to.st_rdev.set(attr.rdev());
    to.st_size.set(attr.lengthBytes());
    to.st_blocks.set((attr.lengthBytes() + 511) / 512);
    to.st_blksize.set(BLOCK_SIZE_BYTES);
    put(to.st_atim, attr.atime());
    put(to.st_mtim, attr.mtime());
    put(to.st_ctim, attr.ctime());
  }

  private static void put(Timespec to, Timestamp time) {
    to.tv_sec.set(time.seconds());
    to.tv_nsec.set(time.nanos());
  }

  static void put(Statvfs to, VolumeStat stat) {
    long available = stat.availableBytes() / STATFS_BLOCK_BYTES;
    to.f_bsize.set(STATFS_BLOCK_BYTES);
    to.f_frsize.set(STATFS_BLOCK_BYTES);
    to.f_blocks.set(Math.max(1, stat.totalBytes() / STATFS_BLOCK_BYTES));
    to.f_bfree.set(available);
    to.f_bavail.set(available);
    to.f_files.set(stat.usedInodes() + stat.availableInodes());
    to.f_ffree.set(stat.availableInodes());
    to.f_favail.set(stat.availableInodes());
    to.f_namemax.set(255);
  }
}
