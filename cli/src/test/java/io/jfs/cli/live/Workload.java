package io.jfs.cli.live;

/** One of each operation that the kernel sends alike to every client. */
final class Workload {
  static final String SCRIPT =
      """
      mkdir dd; echo hello > f1; cat f1 > /dev/null; touch f1
      ! cat nope 2>/dev/null; ! rmdir nope 2>/dev/null
      ln f1 f2; ln -s f1 s1; readlink s1 >/dev/null; mv f2 f3
      chmod 640 f1; chown 1000:1000 f1; truncate -s 100 f1; mkfifo p1
      setfattr -n user.a -v value f1; getfattr -n user.a f1 >/dev/null; setfattr -x user.a f1
      echo quoted > $'a\\nb`'
      python3 - <<'PY'
      import os, fcntl
      fd = os.open('w1', os.O_RDWR | os.O_CREAT, 0o644)
      os.write(fd, b'x' * 5000); os.fsync(fd)
      fcntl.flock(fd, fcntl.LOCK_EX); fcntl.flock(fd, fcntl.LOCK_UN)
      fcntl.lockf(fd, fcntl.LOCK_EX, 10, 5)
      os.posix_fallocate(fd, 0, 10000)
      g = os.open('w2', os.O_RDWR | os.O_CREAT, 0o644)
      assert os.copy_file_range(fd, g, 5000) == 5000
      os.close(g); os.close(fd)
      os.truncate('w1', 10)
      PY
      ls > /dev/null; df . > /dev/null
      rmdir dd; rm -f f3 s1 p1 w1 w2 f1 a*
      """;

  private Workload() {}
}
