package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** fcntl(2) and flock(2) between processes on a real mount. */
@Tag("mount")
@Timeout(120)
class MountLockTest {
  private static final String HELPERS =
      """
      def child(f, *a):
          pid = os.fork()
          if pid == 0:
              try: f(*a); os._exit(0)
              except BaseException as e: print(repr(e), flush=True); os._exit(1)
          return pid
      def ok(pid): assert os.waitpid(pid, 0)[1] == 0
      def busy(f, *a):
          try: f(*a)
          except OSError as e: assert e.errno in (errno.EAGAIN, errno.EACCES), e
          else: assert False, 'not locked'
      fd = os.open('f', os.O_RDWR | os.O_CREAT)
      NB = fcntl.LOCK_NB
      """;

  private final MemoryVfs vfs = new MemoryVfs();

  private void run(String program) throws Exception {
    try (Mounted m = Mounted.of(vfs)) {
      assertThat(m.python(HELPERS + program)).isEmpty();
    }
  }

  @Test
  void recordLocksExcludeOtherProcesses() throws Exception {
    run(
        """
        fcntl.lockf(fd, fcntl.LOCK_EX | NB, 10, 5)
        def other():
            mine = os.open('f', os.O_RDWR)
            busy(fcntl.lockf, mine, fcntl.LOCK_EX | NB, 1, 14)
            busy(fcntl.lockf, mine, fcntl.LOCK_SH | NB, 0, 0)
            fcntl.lockf(mine, fcntl.LOCK_EX | NB, 5, 0)
            fcntl.lockf(mine, fcntl.LOCK_EX | NB, 5, 15)
            lk = struct.pack('hhqqi', fcntl.F_WRLCK, 0, 7, 1, 0)
            t, w, start, length, pid = struct.unpack('hhqqi', fcntl.fcntl(mine, fcntl.F_GETLK, lk))
            assert (t, start, length, pid) == (fcntl.F_WRLCK, 5, 10, os.getppid()), (t, start, length, pid)
        ok(child(other))
        """);
  }

  @Test
  void closingAnyDescriptorDropsTheProcessLocks() throws Exception {
    run(
        """
        fcntl.lockf(fd, fcntl.LOCK_EX | NB)
        os.close(os.open('f', os.O_RDONLY))
        def other(): fcntl.lockf(os.open('f', os.O_RDWR), fcntl.LOCK_EX | NB)
        ok(child(other))
        """);
  }

  @Test
  void aWaitingLockIsGrantedWhenItIsFree() throws Exception {
    run(
        """
        fcntl.lockf(fd, fcntl.LOCK_EX)
        def other():
            mine = os.open('f', os.O_RDWR)
            fcntl.lockf(mine, fcntl.LOCK_EX)
            os.pwrite(mine, b'mine', 0)
        waiters = [child(other) for i in range(100)]
        time.sleep(0.5)
        assert os.pread(fd, 4, 0) == b''
        fcntl.lockf(fd, fcntl.LOCK_UN)
        [ok(w) for w in waiters]
        assert os.pread(fd, 4, 0) == b'mine'
        """);
  }

  @Test
  void aSignalEndsTheWait() throws Exception {
    run(
        """
        class Woken(Exception): pass
        def wake(*a): raise Woken()
        fcntl.lockf(fd, fcntl.LOCK_EX)
        fcntl.flock(fd, fcntl.LOCK_EX)
        def other(lock):
            mine = os.open('f', os.O_RDWR)
            signal.signal(signal.SIGALRM, wake)
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            try: lock(mine, fcntl.LOCK_EX); assert False
            except Woken: pass
        ok(child(other, fcntl.lockf))
        ok(child(other, fcntl.flock))
        def killed(): fcntl.lockf(os.open('f', os.O_RDWR), fcntl.LOCK_EX)
        pid = child(killed)
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
        """);
  }

  @Test
  void flocksBelongToTheDescriptionAndGoWithIt() throws Exception {
    run(
        """
        os.link('f', 'g')
        fcntl.flock(fd, fcntl.LOCK_EX)
        other = os.open('g', os.O_RDONLY)
        busy(fcntl.flock, other, fcntl.LOCK_EX | NB)
        twin = os.dup(fd)
        os.close(fd)
        busy(fcntl.flock, other, fcntl.LOCK_SH | NB)
        os.close(twin)
        for i in range(100):
            try: fcntl.flock(other, fcntl.LOCK_SH | NB); break
            except OSError: time.sleep(0.02)
        else: assert False, 'still locked'
        third = os.open('f', os.O_RDWR)
        fcntl.flock(third, fcntl.LOCK_SH | NB)
        busy(fcntl.flock, third, fcntl.LOCK_EX | NB)
        """);
  }
}
