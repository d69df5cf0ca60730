package io.jfs.fuse.jnr;

import io.jfs.fuse.FrontEnd;
import io.jfs.fuse.MountOptions;
import io.jfs.fuse.device.MountPoint;
import io.jfs.vfs.CacheTimeouts;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The front end on libfuse 2. Compared with {@link io.jfs.fuse.FuseServer} it has requests of 128
 * KiB at most, no READDIRPLUS, no flags of rename, no SEEK_HOLE, O_TMPFILE and ioctl; no
 * interrupts; locks of two hard links of one file do not see each other; an open file that is
 * unlinked gets a hidden name; and the kernel's caches live until their timeout, since it cannot be
 * notified. Names must be UTF-8. The reasons are libfuse's (fuse spec section 2).
 */
public final class JnrFrontEnd implements FrontEnd {
  private static final int MAX_IO_BYTES = 128 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final LibfuseLoop loop;
  private final MountPoint mountPoint;

  private JnrFrontEnd(LibfuseLoop loop, MountPoint mountPoint) {
    this.loop = loop;
    this.mountPoint = mountPoint;
  }

  /**
   * Mounts a file system. When this returns, the mount answers. The parameters are those of {@link
   * io.jfs.fuse.FuseServer#mount}.
   *
   * @throws IOException it could not be mounted, or libfuse 2 is missing
   */
  public static FrontEnd mount(VfsOps ops, MountOptions options, Path mountPoint)
      throws IOException {
    Path path = MountPoint.prepare(mountPoint);
    LibfuseLoop loop = LibfuseLoop.start(ops, arguments(options, ops.timeouts(), path));
    return new JnrFrontEnd(loop, MountPoint.existing(path));
  }

  private static String[] arguments(MountOptions options, CacheTimeouts timeouts, Path path) {
    int maxIoBytes = Math.min(MAX_IO_BYTES, options.maxIoBytes());
    List<String> words = options.withMaxIoBytes(maxIoBytes).mountRequest().words();
    words.add("max_write=" + maxIoBytes);
    words.add("attr_timeout=" + seconds(timeouts.attrMillis()));
    words.add("entry_timeout=" + seconds(timeouts.entryMillis()));
    words.add("negative_timeout=" + seconds(timeouts.negativeMillis()));
    words.addAll(List.of("use_ino", "big_writes", "auto_cache", "nonempty"));
    return new String[] {"jfs", "-f", path.toString(), "-o", String.join(",", words)};
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
  }

  @Override
  public void awaitUnmount() throws InterruptedException {
    loop.awaitEnd();
  }

  @Override
  public boolean awaitUnmount(Duration patience) throws InterruptedException {
    return loop.awaitEnd(patience);
  }

  @Override
  public void unmount() throws IOException {
    mountPoint.unmount();
  }

  @Override
  public void close() throws IOException {
    unmount();
    try {
      if (!awaitUnmount(PATIENCE) && mountPoint.abort()) {
        boolean unused = awaitUnmount(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
