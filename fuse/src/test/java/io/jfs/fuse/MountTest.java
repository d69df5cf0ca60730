package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.CacheTimeouts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What programs see on a real mount, and what is left when it is gone. */
@Tag("mount")
@Timeout(120)
class MountTest {
  private final MemoryVfs vfs = new MemoryVfs();

  @Test
  void showsWhatStatPromises() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.sh("printf 1234567 > f && chmod 4751 f && touch -d '1960-02-03 04:05:06.789 UTC' f");
      assertThat(m.sh("stat -c '%s %b %B %o %a %h %u %g %F' f"))
          .isEqualTo("7 1 512 65536 4751 1 0 0 regular file");
      assertThat(m.sh("stat -c %.9Y f")).isEqualTo("-312753293.211000000");
      assertThat(m.sh("mknod p p && mknod c c 5 1 && ln -s target s && mkdir d && stat -c %F *"))
          .isEqualTo("character special file\ndirectory\nregular file\nfifo\nsymbolic link");
      assertThat(m.sh("stat -c %t,%T c; readlink s; stat -c %i .")).isEqualTo("5,1\ntarget\n1");
      assertThat(m.sh("grep ' " + m.directory + " ' /proc/mounts"))
          .startsWith("JuiceFS:test " + m.directory + " fuse.juicefs rw,nosuid,nodev")
          .contains("default_permissions,allow_other,max_read=1048576");
      m.sh("rm f p c s && rmdir d && test -z \"$(ls -A)\"");
    }
    assertThat(vfs.inodes).as("forgotten inodes are gone").hasSize(1);
  }

  @Test
  void movesBigFilesWhole() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      String sums =
          m.python(
              """
              import hashlib, mmap
              data = bytes(range(256)) * 4096 * 24 + b'tail'
              fd = os.open('big', os.O_RDWR | os.O_CREAT, 0o644)
              assert os.write(fd, data) == len(data)
              print(hashlib.sha256(data).hexdigest())
              os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
              print(hashlib.sha256(os.pread(fd, len(data) + 9, 0)).hexdigest())
              d = os.open('big', os.O_RDONLY | os.O_DIRECT)
              buf = mmap.mmap(-1, 32 << 20)
              n = os.preadv(d, [buf], 0)
              print(hashlib.sha256(buf[:n]).hexdigest())
              m = mmap.mmap(fd, len(data))
              m[5 << 20:(5 << 20) + 3] = b'map'
              m.flush()
              assert os.pread(d, 4096, 5 << 20)[:3] == b'map'
              """);
      assertThat(sums.lines().distinct()).hasSize(1);
      assertThat(sums.lines()).hasSize(3);
    }
  }

  @Test
  void usesRequestsOfOneMebibyte() throws Exception {
    Queue<Long> sizes = new ConcurrentLinkedQueue<>();
    Consumer<Operation> trace = op -> sizes.add(op.transferredBytes());
    try (Mounted m = Mounted.of(vfs, "", trace)) {
      m.sh("dd if=/dev/zero of=f bs=4M count=2 && dd if=f of=/dev/null iflag=direct bs=4M");
    }
    assertThat(sizes).contains(1L << 20);
    assertThat(sizes.stream().mapToLong(n -> n).sum()).isEqualTo(16L << 20);
  }

  @Test
  void listsTenThousandEntriesWithAttributesWithoutLookups() throws Exception {
    Queue<String> names = new ConcurrentLinkedQueue<>();
    try (Mounted m = Mounted.of(vfs, "", op -> names.add(op.name()))) {
      m.python("for i in range(10000): os.mknod('entry-with-a-longer-name-%05d' % i)");
      m.python("os.utime('.')");
      vfs.notifier.invalidateData(Ino.ROOT, 0, 0);
      m.sh("sleep 1.2");
      names.clear();
      assertThat(m.python("print(len({e.name: e.stat() for e in os.scandir('.')}))"))
          .isEqualTo("10000");
      assertThat(names.stream().filter("readdirplus"::equals)).hasSizeGreaterThan(10);
      assertThat(names.stream().filter("lookup"::equals)).hasSizeLessThan(200);
    }
  }

  @Test
  void renamesWithFlags() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.python(
          """
          libc = ctypes.CDLL(None, use_errno=True)
          def renameat2(a, b, flags):
              r = libc.renameat2(-100, a.encode(), -100, b.encode(), flags)
              return ctypes.get_errno() if r else 0
          open('a', 'w').write('A'); open('b', 'w').write('B')
          assert renameat2('a', 'b', 1) == errno.EEXIST
          assert renameat2('a', 'b', 2) == 0
          assert open('a').read() == 'B' and open('b').read() == 'A'
          assert renameat2('a', 'c', 1) == 0
          assert renameat2('a', 'c', 2) == errno.ENOENT
          held = open('b')
          os.rename('c', 'b')
          assert held.read() == 'A' and os.fstat(held.fileno()).st_nlink == 0
          assert os.listdir('.') == ['b']
          """);
    }
  }

  @Test
  void tellsTheTruthAboutHoles() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.python(
          """
          fd = os.open('f', os.O_RDWR | os.O_CREAT)
          os.ftruncate(fd, 1 << 20)
          os.pwrite(fd, b'x' * 131072, 262144)
          assert os.lseek(fd, 0, os.SEEK_DATA) == 262144
          assert os.lseek(fd, 262144, os.SEEK_HOLE) == 393216
          try: os.lseek(fd, 400000, os.SEEK_DATA); assert False
          except OSError as e: assert e.errno == errno.ENXIO
          libc = ctypes.CDLL(None, use_errno=True)
          off = ctypes.c_long
          assert libc.fallocate(fd, 3, off(262144), off(131072)) == 0
          try: os.lseek(fd, 0, os.SEEK_DATA); assert False
          except OSError as e: assert e.errno == errno.ENXIO
          os.posix_fallocate(fd, 0, 2 << 20)
          assert os.fstat(fd).st_size == 2 << 20
          """);
    }
  }

  @Test
  void givesNamesToNamelessFiles() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.python(
          """
          fd = os.open('.', os.O_TMPFILE | os.O_RDWR, 0o600)
          os.write(fd, b'content')
          assert os.listdir('.') == [] and os.fstat(fd).st_nlink == 0
          os.link('/proc/self/fd/%d' % fd, 'named', src_dir_fd=fd, follow_symlinks=True)
          assert open('named', 'rb').read() == b'content' and os.fstat(fd).st_nlink == 1
          """);
    }
  }

  @Test
  void copiesRangesAndAnswersIoctls() throws Exception {
    Queue<String> names = new ConcurrentLinkedQueue<>();
    try (Mounted m = Mounted.of(vfs, "", op -> names.add(op.name()))) {
      m.python(
          """
          open('a', 'wb').write(b'0123456789' * 1000)
          a = os.open('a', os.O_RDONLY); b = os.open('b', os.O_RDWR | os.O_CREAT)
          assert os.copy_file_range(a, b, 5000, 5, 100) == 5000
          assert os.pread(b, 10, 98) == b'\\0\\0' + b'56789012'
          flags = bytearray(8)
          fcntl.ioctl(a, 0x80086601, flags)
          assert flags == bytearray(8)
          try: fcntl.ioctl(a, 0x12345678); assert False
          except OSError as e: assert e.errno == errno.ENOTTY
          """);
    }
    assertThat(names).contains("copy_file_range_64", "ioctl");
  }

  @Test
  void keepsExtendedAttributes() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.python(
          """
          def refused(e, f, *a):
              try: f(*a)
              except OSError as x: assert x.errno == e, x
              else: assert False
          open('f', 'w')
          os.setxattr('f', 'user.a', b'1'); os.setxattr('f', 'trusted.b', b'x' * 65536)
          assert os.getxattr('f', 'user.a') == b'1'
          assert os.getxattr('f', 'trusted.b') == b'x' * 65536
          assert sorted(os.listxattr('f')) == ['trusted.b', 'user.a']
          refused(errno.EEXIST, os.setxattr, 'f', 'user.a', b'2', os.XATTR_CREATE)
          refused(errno.ENODATA, os.setxattr, 'f', 'user.c', b'2', os.XATTR_REPLACE)
          refused(errno.ENODATA, os.getxattr, 'f', 'user.c')
          os.removexattr('f', 'user.a')
          refused(errno.ENODATA, os.removexattr, 'f', 'user.a')
          libc = ctypes.CDLL(None, use_errno=True)
          small = ctypes.create_string_buffer(10)
          assert libc.getxattr(b'f', b'trusted.b', small, 10) == -1
          assert ctypes.get_errno() == errno.ERANGE
          """);
    }
  }

  @Test
  void refusesWhatIsTooLong() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.python(
          """
          for name in ['x' * 256, 'y' * 1024]:
              try: os.mkdir(name); assert False
              except OSError as e: assert e.errno == errno.ENAMETOOLONG, e
          os.mkdir('z' * 255)
          os.symlink('t' * 4095, 'link')
          assert os.readlink('link') == 't' * 4095
          """);
    }
  }

  @Test
  void dropsSetuidOnWriteByOthers() throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      m.python(
          """
          os.chmod('.', 0o777)
          def modes(uid):
              for name in ['written', 'truncated']:
                  fd = os.open(name, os.O_CREAT | os.O_RDWR)
                  os.fchmod(fd, 0o6777)
                  os.write(fd, b'content')
                  if os.fork() == 0:
                      os.setgid(uid); os.setuid(uid)
                      if name == 'written': os.pwrite(fd, b'x', 0)
                      else: os.truncate(name, 1)
                      os._exit(0)
                  os.wait()
                  yield os.fstat(fd).st_mode & 0o7777
                  os.unlink(name)
          # The writes before fchmod are root's, and root keeps the bits.
          assert list(modes(0)) == [0o6777, 0o6777], list(map(oct, modes(0)))
          assert list(modes(65534)) == [0o777, 0o777], list(map(oct, modes(65534)))
          """);
    }
  }

  @Test
  void believesInvalidationsAtOnce() throws Exception {
    vfs.timeouts = new CacheTimeouts(3_600_000, 3_600_000, 3_600_000, 3_600_000);
    try (Mounted m = Mounted.of(vfs)) {
      m.sh("printf old > f; cat f; stat f; test ! -e ghost");
      MemoryVfs.Inode root = vfs.inode(Ino.ROOT);
      MemoryVfs.Inode file = root.children.get(Name.of("f"));
      file.content.write(0, java.nio.ByteBuffer.wrap("newer".getBytes("UTF-8")));
      synchronized (file) {
        file.attr = file.attr.edit().lengthBytes(5).build();
      }
      root.children.put(Name.of("ghost"), file);
      assertThat(m.sh("cat f; test -e ghost || echo ' none'")).isEqualTo("old none");
      vfs.notifier.invalidateData(file.ino, 0, 0);
      vfs.notifier.invalidateEntry(Ino.ROOT, Name.of("ghost"));
      vfs.notifier.invalidateEntry(Ino.ROOT, Name.of("never-heard-of"));
      m.sh("for i in $(seq 100); do test -e ghost && exit 0; sleep 0.05; done; exit 1");
      assertThat(m.sh("cat f ghost")).isEqualTo("newernewer");
      root.children.remove(Name.of("ghost"));
    }
  }

  @Test
  void buffersWritesInTheKernelOnRequest() throws Exception {
    try (Mounted m = Mounted.of(vfs, "writeback_cache,async_dio,clone_fd")) {
      m.python(
          """
          fd = os.open('f', os.O_WRONLY | os.O_CREAT | os.O_APPEND)
          for i in range(1000): os.write(fd, b'%05d' % i)
          os.close(fd)
          fd = os.open('f', os.O_WRONLY)
          os.pwrite(fd, b'X', 2500)
          os.fsync(fd)
          """);
      assertThat(m.sh("md5sum < f; wc -c < f; dd if=f bs=1 skip=2500 count=3 status=none"))
          .endsWith("5000\nX05");
    }
  }

  @Test
  void refusesToMountOnWhatIsNoDirectory() throws Exception {
    Mounted.assumeMountable();
    Path file = Files.createTempFile("jfs-fuse-test", "");
    try {
      assertThatThrownBy(() -> mountOn(file)).isInstanceOf(NotDirectoryException.class);
      assertThatThrownBy(() -> mountOn(file.resolveSibling("no-such-directory-here")))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("mount point does not exist");
      assertThat(vfs.starts).isZero();
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void saysWhatTheKernelRefused() throws Exception {
    Mounted.assumeMountable();
    Path directory = Files.createTempDirectory("jfs-fuse-test");
    try {
      MountOptions options = MountOptions.of("test").parse("no_such_option=1");
      assertThatThrownBy(() -> FuseServer.mount(vfs, options, directory))
          .isInstanceOf(IOException.class)
          .hasMessage("mount " + directory + ": Invalid argument");
    } finally {
      Files.delete(directory);
    }
  }

  private FrontEnd mountOn(Path path) throws IOException {
    return FuseServer.mount(vfs, MountOptions.of("test"), path);
  }

  @Test
  void replacesTheMountOfADeadServer() throws Exception {
    Mounted.assumeMountable();
    Path directory = Files.createTempDirectory("jfs-fuse-test").toRealPath();
    Process server =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryMount.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try {
      BufferedReader printed = server.inputReader();
      String line = printed.readLine();
      while (line != null && !line.equals("mounted")) {
        line = printed.readLine();
      }
      assertThat(line).isNotNull();
      server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      try (FrontEnd second = mountOn(directory)) {
        assertThat(second.awaitUnmount(Duration.ZERO)).isFalse();
        Process ls = new ProcessBuilder("sh", "-c", "echo x > " + directory + "/f").start();
        assertThat(Mounted.finish(ls)).isEmpty();
      }
      assertThat(vfs.stops).isEqualTo(1);
    } finally {
      server.destroyForcibly();
      new ProcessBuilder("umount", "-l", directory.toString()).start().waitFor();
      Files.deleteIfExists(directory);
    }
  }

  private static long openDescriptors() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.count();
    }
  }

  private static long fuseThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fuse-"))
        .count();
  }

  @Test
  void givesEverythingBack() throws Exception {
    Mounted.of(vfs).close();
    long descriptors = openDescriptors();
    for (int i = 0; i < 5; i++) {
      try (Mounted m = Mounted.of(vfs, i % 2 == 0 ? "clone_fd" : "")) {
        m.python(
            """
            def load(i):
                with open('f%d' % i, 'wb') as f: f.write(b'x' * 3000000)
                os.listdir('.'); os.unlink('f%d' % i)
            threads = [threading.Thread(target=load, args=(i,)) for i in range(20)]
            [t.start() for t in threads]; [t.join() for t in threads]
            """);
        assertThat(fuseThreads()).isGreaterThan(2);
      }
    }
    for (int i = 0; i < 100 && fuseThreads() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(fuseThreads()).isZero();
    assertThat(openDescriptors()).isLessThanOrEqualTo(descriptors);
    assertThat(vfs.openHandles()).isZero();
    assertThat(vfs.starts).isEqualTo(6);
    assertThat(vfs.stops).isEqualTo(6);
  }
}
