package io.jfs.fuse.device;

import static io.jfs.fuse.device.SystemCallException.check;

import com.kenai.jffi.MemoryIO;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts and unmounts through the setuid helper {@code fusermount3}. It opens /dev/fuse, mounts,
 * and passes the descriptor back over a socket whose number it finds in _FUSE_COMMFD. The helper is
 * started with posix_spawn, because ProcessBuilder closes every descriptor in the child.
 */
final class Fusermount {
  private static final String HELPER = "fusermount3";
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;

  /** struct msghdr on 64-bit Linux: name, namelen, iov, iovlen, control, controllen, flags. */
  private static final int MSGHDR_BYTES = 56;

  /** struct cmsghdr (len, level, type) and one descriptor, padded. */
  private static final int CONTROL_BYTES = 24;

  private static final int CMSG_DATA = 16;

  private Fusermount() {}

  static FuseDevice mount(Path path, MountRequest request) throws IOException {
    try (NativeStrings memory = new NativeStrings()) {
      long pair = memory.allocate(2 * Integer.BYTES);
      check("socketpair", LibC.socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
      int ours = MemoryIO.getInstance().getInt(pair);
      int theirs = MemoryIO.getInstance().getInt(pair + Integer.BYTES);
      try {
        check("fcntl", LibC.fcntl(ours, F_SETFD, FD_CLOEXEC));
        int pid;
        try {
          pid = spawn(memory, theirs, path, request);
        } finally {
          int unused = LibC.close(theirs);
        }
        int fd = receiveDescriptor(memory, ours);
        int status = await(memory, pid);
        if (fd < 0) {
          throw new IOException(
              HELPER + " could not mount " + path + " (exit status " + status + ")");
        }
        check("fcntl", LibC.fcntl(fd, F_SETFD, FD_CLOEXEC));
        return new LinuxFuseDevice(fd);
      } finally {
        int unused = LibC.close(ours);
      }
    }
  }

  private static int spawn(NativeStrings memory, int socket, Path path, MountRequest request)
      throws IOException {
    List<String> argv =
        List.of(HELPER, "-o", String.join(",", request.words()), "--", path.toString());
    List<String> environment = new ArrayList<>();
    System.getenv().forEach((name, value) -> environment.add(name + "=" + value));
    environment.add("_FUSE_COMMFD=" + socket);
    long pid = memory.allocate(Integer.BYTES);
    int errno =
        LibC.posixSpawnp(
            pid, memory.add(HELPER), memory.addArray(argv), memory.addArray(environment));
    if (errno != 0) {
      throw new SystemCallException("start of " + HELPER, errno);
    }
    return MemoryIO.getInstance().getInt(pid);
  }

  /** The descriptor that comes as SCM_RIGHTS with one byte; -1 if the helper hung up instead. */
  private static int receiveDescriptor(NativeStrings memory, int socket) throws IOException {
    MemoryIO io = MemoryIO.getInstance();
    long message = memory.allocate(MSGHDR_BYTES);
    long iovec = memory.allocate(16);
    long control = memory.allocate(CONTROL_BYTES);
    io.putLong(iovec, memory.allocate(1));
    io.putLong(iovec + 8, 1);
    io.putLong(message + 16, iovec);
    io.putLong(message + 24, 1);
    io.putLong(message + 32, control);
    io.putLong(message + 40, CONTROL_BYTES);
    int n;
    do {
      n = LibC.recvmsg(socket, message, 0);
    } while (n == -LibC.EINTR);
    check("recvmsg", n);
    boolean carriesDescriptor = n == 1 && io.getLong(message + 40) > CMSG_DATA;
    return carriesDescriptor ? io.getInt(control + CMSG_DATA) : -1;
  }

  private static int await(NativeStrings memory, int pid) throws IOException {
    long status = memory.allocate(Integer.BYTES);
    int answer;
    do {
      answer = LibC.waitpid(pid, status);
    } while (answer == -LibC.EINTR);
    check("waitpid", answer);
    return (MemoryIO.getInstance().getInt(status) >> 8) & 0xff;
  }

  /** Lazily: {@code fusermount3 -u -z}. */
  static void unmount(Path path) throws IOException {
    Process helper =
        new ProcessBuilder(HELPER, "-u", "-z", "--", path.toString())
            .redirectErrorStream(true)
            .start();
    String complaint =
        new String(helper.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (helper.waitFor() != 0) {
        throw new IOException(complaint.isEmpty() ? HELPER + " -u failed" : complaint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + HELPER, e);
    }
  }
}
