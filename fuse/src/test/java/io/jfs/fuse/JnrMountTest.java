package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jfs.fuse.jnr.JnrFrontEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the front end on libfuse 2 can do, on a real mount. */
@Tag("mount")
@Timeout(120)
class JnrMountTest {
  private final MemoryVfs vfs = new MemoryVfs();

  @BeforeAll
  static void needsLibfuse() throws Exception {
    Process ldconfig = new ProcessBuilder("sh", "-c", "/sbin/ldconfig -p").start();
    String libraries = new String(ldconfig.getInputStream().readAllBytes(), "UTF-8");
    assumeTrue(libraries.contains("libfuse.so.2"), "libfuse 2 is not installed");
  }

  private Mounted mount() throws IOException {
    return Mounted.of(JnrFrontEnd::mount, vfs, "");
  }

  @Test
  void servesFilesAndDirectories() throws Exception {
    try (Mounted m = mount()) {
      m.sh("printf 1234567 > f && chmod 4751 f && touch -d '1960-02-03 04:05:06.789 UTC' f");
      assertThat(m.sh("stat -c '%s %b %a %h %i %F' f")).isEqualTo("7 1 4751 1 2 regular file");
      assertThat(m.sh("stat -c %.9Y f")).isEqualTo("-312753293.211000000");
      m.sh("ln f g; mkdir d; mv g d/h; ln -s target s; mknod p p; chown 1:2 d");
      assertThat(m.sh("cat d/h; stat -c ' %h %u:%g' d/h; readlink s; stat -c %u:%g d"))
          .isEqualTo("1234567 2 0:0\ntarget\n1:2");
      assertThat(m.sh("ls -A . d; df --output=size . | tail -1"))
          .isEqualTo(".:\nd\nf\np\ns\n\nd:\nh\n1073741824");
      assertThat(m.sh("grep ' " + m.directory + " ' /proc/mounts"))
          .startsWith("JuiceFS:test " + m.directory + " fuse.juicefs rw,nosuid,nodev");
      m.sh("! mkdir d && ! cat none && ! rmdir d && rm -r f p s d && test -z \"$(ls -A)\"");
    }
    assertThat(vfs.openHandles()).isZero();
    assertThat(vfs.outstandingLookups()).isZero();
    assertThat(vfs.starts).isEqualTo(1);
    assertThat(vfs.stops).isEqualTo(1);
  }

  @Test
  void movesBigFilesWhole() throws Exception {
    try (Mounted m = mount()) {
      m.python(
          """
          data = bytes(range(256)) * 4096 * 8 + b'tail'
          fd = os.open('big', os.O_RDWR | os.O_CREAT, 0o644)
          assert os.write(fd, data) == len(data)
          os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
          assert os.pread(fd, len(data) + 9, 0) == data
          os.ftruncate(fd, 5); os.fsync(fd)
          assert os.pread(fd, 10, 0) == data[:5] and os.fstat(fd).st_size == 5
          os.truncate('big', 2); assert os.stat('big').st_size == 2
          os.posix_fallocate(fd, 0, 100); assert os.fstat(fd).st_size == 100
          a = os.open('big', os.O_WRONLY | os.O_APPEND); os.write(a, b'end')
          assert os.pread(fd, 10, 100) == b'end'
          """);
    }
  }

  @Test
  void listsManyEntries() throws Exception {
    try (Mounted m = mount()) {
      m.python("for i in range(5000): os.mknod('entry-with-a-longer-name-%05d' % i)");
      assertThat(m.sh("ls | sort -u | wc -l")).isEqualTo("5000");
    }
  }

  @Test
  void keepsExtendedAttributesAndLocks() throws Exception {
    try (Mounted m = mount()) {
      m.python(
          """
          fd = os.open('f', os.O_RDWR | os.O_CREAT)
          os.setxattr('f', 'user.a', b'1' * 5000); assert os.getxattr('f', 'user.a') == b'1' * 5000
          assert os.listxattr('f') == ['user.a']
          os.removexattr('f', 'user.a'); assert os.listxattr('f') == []
          fcntl.lockf(fd, fcntl.LOCK_EX, 10, 5); fcntl.flock(fd, fcntl.LOCK_SH)
          if os.fork() == 0:
              mine = os.open('f', os.O_RDWR)
              for lock in [lambda: fcntl.lockf(mine, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 14),
                           lambda: fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)]:
                  try: lock(); os._exit(1)
                  except OSError as e:
                      if e.errno != errno.EAGAIN: os._exit(2)
              fcntl.lockf(mine, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 15)
              os._exit(0)
          assert os.wait()[1] == 0
          fcntl.lockf(fd, fcntl.LOCK_UN); fcntl.flock(fd, fcntl.LOCK_UN)
          """);
    }
  }

  @Test
  void saysWhenItCannotMount() throws Exception {
    Path missing = Path.of("/tmp/no-such-directory-here");
    MountOptions options = MountOptions.of("test");
    assertThatThrownBy(() -> JnrFrontEnd.mount(vfs, options, missing))
        .isInstanceOf(NoSuchFileException.class);
    Path directory = Files.createTempDirectory("jfs-fuse-test");
    try {
      MountOptions bad = options.parse("no_such_option=1");
      assertThatThrownBy(() -> JnrFrontEnd.mount(vfs, bad, directory))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("could not mount");
      assertThat(vfs.starts).isZero();
    } finally {
      Files.delete(directory);
    }
  }
}
