package io.jfs.fuse.device;

import static io.jfs.fuse.device.SystemCallException.check;

import java.io.IOException;

/** {@code /dev/fuse} by its file descriptor, which this object owns. */
final class LinuxFuseDevice implements FuseDevice {
  private static final String PATH = "/dev/fuse";
  private static final int O_RDWR_CLOEXEC = 02 | 02000000;
  private static final long FUSE_DEV_IOC_CLONE = 0x8004e500L;

  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;

  private final int fd;

  LinuxFuseDevice(int fd) {
    this.fd = fd;
  }

  /** A new channel without a connection; mount(2) connects it. */
  static LinuxFuseDevice open() throws SystemCallException {
    return new LinuxFuseDevice(check("open " + PATH, LibC.open(PATH, O_RDWR_CLOEXEC)));
  }

  /**
   * A channel that this process was started with; another process holds it, too. Processes that
   * this one starts do not get it.
   */
  static LinuxFuseDevice inherited(int fd) throws SystemCallException {
    int unused = check("descriptor " + fd, LibC.fcntl(fd, F_SETFD, FD_CLOEXEC));
    return new LinuxFuseDevice(fd);
  }

  int fd() {
    return fd;
  }

  @Override
  public int read(NativeMemory into) {
    return (int) LibC.read(fd, into.address(), into.lengthBytes());
  }

  @Override
  public int write(GatherList message) {
    long n;
    do {
      n =
          message.count() == 1
              ? LibC.write(fd, message.pieceAddress(0), message.pieceBytes(0))
              : LibC.writev(fd, message.iovecAddress(), message.count());
    } while (n == -LibC.EINTR);
    return n < 0 ? (int) n : 0;
  }

  @Override
  public FuseDevice openClone() throws IOException {
    LinuxFuseDevice clone = open();
    try (NativeStrings memory = new NativeStrings()) {
      long source = memory.allocate(Integer.BYTES);
      com.kenai.jffi.MemoryIO.getInstance().putInt(source, fd);
      check("clone " + PATH, LibC.ioctl(clone.fd, FUSE_DEV_IOC_CLONE, source));
      return clone;
    } catch (IOException e) {
      clone.close();
      throw e;
    }
  }

  @Override
  public void close() {
    int unused = LibC.close(fd);
  }
}
