package io.jfs.fuse.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory with our file system on it. Root mounts with mount(2); others, and roots without the
 * capability, through the setuid helper fusermount3.
 */
public final class MountPoint {
  private static final Logger log = LoggerFactory.getLogger(MountPoint.class);
  private static final int EPERM = 1;
  private static final int ENOTCONN = 107;
  private static final int MNT_DETACH = 2;

  private final Path path;
  private final boolean direct;
  private final MountTable.@Nullable Mounted mounted;

  private MountPoint(Path path, boolean direct) throws IOException {
    this(path, direct, MountTable.at(path));
  }

  private MountPoint(Path path, boolean direct, MountTable.@Nullable Mounted mounted) {
    this.path = path;
    this.direct = direct;
    this.mounted = mounted;
  }

  /**
   * A fresh mount.
   *
   * @param device the channel to the kernel; whoever serves the mount closes it after the last
   *     reader left
   */
  public record Connected(MountPoint point, FuseDevice device) {}

  /**
   * Mounts. Until INIT is answered on the device, everyone who looks at the mount point waits.
   *
   * @param given a descriptor of /dev/fuse that is not connected yet, to be used; empty to open one
   * @throws IOException the directory is missing or is none, or the kernel or fusermount3 refused
   */
  public static Connected mount(Path directory, MountRequest request, OptionalInt given)
      throws IOException {
    Path path = prepare(directory);
    if (effectiveUid() == 0) {
      try {
        LinuxFuseDevice device =
            given.isPresent()
                ? LinuxFuseDevice.inherited(given.getAsInt())
                : LinuxFuseDevice.open();
        mountDirectly(path, request, device);
        return new Connected(new MountPoint(path, true), device);
      } catch (SystemCallException e) {
        if (e.errno() != EPERM) {
          throw e;
        }
        log.info("{}; trying fusermount3", e.getMessage());
      }
    }
    FuseDevice device = Fusermount.mount(path, request);
    return new Connected(new MountPoint(path, false), device);
  }

  /** The mount point of a file system that someone else in this process has mounted. */
  public static MountPoint existing(Path path) throws IOException {
    return new MountPoint(path, effectiveUid() == 0);
  }

  /**
   * Makes a directory ready to be mounted on: a dead server's mount is taken off.
   *
   * @return its real path
   * @throws IOException it is missing or is no directory
   */
  public static Path prepare(Path directory) throws IOException {
    detachStale(directory);
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString(), null, "mount point does not exist");
    }
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    return directory.toRealPath();
  }

  private static void mountDirectly(Path path, MountRequest request, LinuxFuseDevice device)
      throws IOException {
    int answer =
        LibC.mount(
            request.source(),
            path.toString(),
            "fuse." + request.subtype(),
            request.flags(),
            request.kernelData(device.fd()));
    if (answer < 0) {
      device.close();
      throw new SystemCallException("mount " + path, -answer);
    }
  }

  /**
   * A mount that another process has made and this one goes on to serve.
   *
   * @param descriptor of its channel, which this process was started with
   * @param device the mount's {@code major:minor}, as {@link #device} of the other process
   */
  public static Connected adopt(Path path, int descriptor, String device) throws IOException {
    LinuxFuseDevice channel = LinuxFuseDevice.inherited(descriptor);
    return new Connected(
        new MountPoint(path, effectiveUid() == 0, MountTable.byDevice(device)), channel);
  }

  /** The mount's {@code major:minor}; empty if it was out of sight from the start. */
  public String device() {
    return mounted == null ? "" : mounted.device();
  }

  /**
   * Removes the mount of a server that died: its users see ENOTCONN, and mounting over it would
   * keep it for ever.
   */
  private static void detachStale(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    // Not stat or access: those the kernel may answer from its cache for a while.
    while (LibC.statfs(absolute.toString()) == -ENOTCONN) {
      log.warn("{}: detaching the mount of a server that died", absolute);
      detach(absolute, effectiveUid() == 0);
    }
  }

  /** Whether it is still ours and in sight. */
  public boolean isMounted() throws IOException {
    return mounted != null && mounted.equals(MountTable.at(path));
  }

  private static void detach(Path path, boolean direct) throws IOException {
    if (direct) {
      int unused =
          SystemCallException.check("umount " + path, LibC.umount2(path.toString(), MNT_DETACH));
    } else {
      Fusermount.unmount(path);
    }
  }

  /** On whose behalf this process mounts. */
  public static int effectiveUid() {
    return LibC.geteuid();
  }

  /** The mount point's real path. */
  public Path path() {
    return path;
  }

  /**
   * Takes the mount out of sight at once; who has it open keeps it until he is done (umount -l).
   * The server's readers get ENODEV when the last user is gone. Does nothing if what is mounted
   * there is not, or no longer, ours.
   */
  public void unmount() throws IOException {
    if (isMounted()) {
      detach(path, direct);
    }
  }

  /**
   * Raises the kernel's read-ahead: it starts with 128 KiB whatever INIT says. Only root may; for
   * others this does nothing. To be called after INIT was answered.
   */
  public void raiseReadAhead(int kibibytes) {
    if (mounted == null) {
      return;
    }
    Path setting = Path.of("/sys/class/bdi", mounted.device(), "read_ahead_kb");
    try {
      Files.writeString(setting, Integer.toString(kibibytes), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      log.debug("read-ahead stays as it is: {}", e.toString());
    }
  }

  /**
   * Ends the connection now: every waiting and further call of its users fails. Only where the
   * control file system is mounted and may be written.
   *
   * @return whether it was done
   */
  public boolean abort() {
    if (mounted == null) {
      return false;
    }
    List<String> majorMinor = List.of(mounted.device().split(":"));
    Path control = Path.of("/sys/fs/fuse/connections", majorMinor.get(1), "abort");
    try {
      Files.writeString(control, "1", StandardCharsets.US_ASCII);
      return true;
    } catch (IOException e) {
      log.debug("connection not aborted: {}", e.toString());
      return false;
    }
  }
}
