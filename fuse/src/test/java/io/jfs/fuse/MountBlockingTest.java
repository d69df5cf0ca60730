package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations that wait: side by side, interrupted, killed, and unmounted under. */
@Tag("mount")
@Timeout(120)
class MountBlockingTest {
  private final BlockingVfs vfs = new BlockingVfs();

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void syncsManyFilesSideBySide() throws Exception {
    vfs.fsyncMillis = 300;
    try (Mounted m = Mounted.of(vfs)) {
      String seconds =
          m.python(
              """
              fds = [os.open('f%d' % i, os.O_CREAT | os.O_WRONLY) for i in range(24)]
              start = time.monotonic()
              threads = [threading.Thread(target=os.fsync, args=(fd,)) for fd in fds]
              [t.start() for t in threads]; [t.join() for t in threads]
              print(time.monotonic() - start)
              """);
      assertThat(Double.parseDouble(seconds)).isBetween(0.3, 1.5);
    }
  }

  @Test
  void endsAKilledReadersWait() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.sh("echo content > f");
      Process reader = m.startPython("open('f').read()");
      await(() -> vfs.blocked.get() == 1);
      reader.destroyForcibly();
      assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
      await(() -> vfs.blocked.get() == 0);
      assertThat(vfs.cancelled).hasValue(1);
      await(() -> vfs.openHandles() == 0);
    }
  }

  @Test
  void tellsASignalledReader() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.sh("echo content > f");
      m.python(
          """
          class Woken(Exception): pass
          def wake(*a): raise Woken()
          signal.signal(signal.SIGALRM, wake)
          fd = os.open('f', os.O_RDONLY)
          signal.setitimer(signal.ITIMER_REAL, 0.3)
          try: os.read(fd, 10); assert False
          except Woken: pass
          """);
      assertThat(vfs.cancelled).hasValue(1);
    }
  }

  @Test
  void keepsWatchWhenEveryReaderWaits() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.sh("echo content > f");
      Process readers =
          m.startPython(
              """
              got = []
              def read():
                  fd = os.open('f', os.O_RDONLY)
                  got.append(os.pread(fd, 100, 0)); os.close(fd)
              threads = [threading.Thread(target=read) for i in range(90)]
              [t.start() for t in threads]; [t.join() for t in threads]
              assert got == [b'content\\n'] * 90, got
              """);
      await(() -> vfs.blocked.get() == 63);
      assertThat(m.sh("ls; stat -c %s f; mkdir d & sleep 0.2; stat -f -c %s ."))
          .startsWith("f\n8\n");
      Process killed = m.startPython("open('f').read()");
      TimeUnit.MILLISECONDS.sleep(500);
      killed.destroyForcibly();
      assertThat(vfs.blocked).hasValue(63);
      vfs.letGo = true;
      assertThat(Mounted.finish(readers)).isEmpty();
      assertThat(killed.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(m.sh("ls")).isEqualTo("d\nf");
    }
  }

  @Test
  void servesAUserToTheEndAfterUnmount() throws Exception {
    vfs.letGo = true;
    try (Mounted m = Mounted.of(vfs)) {
      Process user =
          m.startPython(
              """
              f = open('f', 'w+'); f.write('before'); f.flush()
              print('open')
              sys.stdin.readline()
              f.write(' after'); f.seek(0); print(f.read())
              """);
      assertThat(user.inputReader().readLine()).isEqualTo("open");
      m.frontEnd.unmount();
      m.frontEnd.unmount();
      assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(m.directory.toString());
      assertThat(m.frontEnd.awaitUnmount(Duration.ofMillis(300))).isFalse();
      user.outputWriter().write("go on\n");
      user.outputWriter().flush();
      assertThat(user.inputReader().readLine()).isEqualTo("before after");
      assertThat(Mounted.finish(user)).isEmpty();
      assertThat(m.frontEnd.awaitUnmount(Duration.ofSeconds(10))).isTrue();
      assertThat(vfs.stops).isEqualTo(1);
    }
  }

  /** The kernel's control file system, mounted for the test where it is not. */
  private static void controlled(String command) throws Exception {
    Mounted.finish(new ProcessBuilder("sh", "-c", command).start());
  }

  @Test
  void abortsTheConnectionOfThoseWhoDoNotLetGo() throws Exception {
    Process user;
    String connections = "/sys/fs/fuse/connections";
    String unmountControl = "true";
    try (Mounted m = Mounted.of(vfs)) {
      if (isEmpty(connections)) {
        controlled("mount -t fusectl fusectl " + connections);
        unmountControl = "umount " + connections;
      }
      m.sh("echo content > f");
      user = m.startPython("f = open('f'); print('open'); sys.stdin.readline()");
      assertThat(user.inputReader().readLine()).isEqualTo("open");
    }
    controlled(unmountControl);
    assertThat(vfs.stops).isEqualTo(1);
    user.destroyForcibly();
  }

  private static boolean isEmpty(String directory) throws Exception {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.findAny().isEmpty();
    }
  }
}
