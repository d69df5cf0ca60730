package io.jfs.fuse.device;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.lang.ref.Reference;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The C library's functions, called with whole machine words. Functions answer what C answers, with
 * -1 turned into the negative errno. Linux on 64-bit machines only.
 */
final class LibC {
  static final int EINTR = 4;

  /** More than a struct statfs takes: 120 on 64-bit Linux. */
  private static final int STATFS_BYTES = 256;

  private static final Invoker INVOKER = Invoker.getInstance();
  private static final CallContext[] CONTEXTS = contexts();

  private static final long READ = symbol("read");
  private static final long WRITE = symbol("write");
  private static final long WRITEV = symbol("writev");
  private static final long OPEN = symbol("open");
  private static final long CLOSE = symbol("close");
  private static final long IOCTL = symbol("ioctl");
  private static final long FCNTL = symbol("fcntl");
  private static final long STATFS = symbol("statfs");
  private static final long MOUNT = symbol("mount");
  private static final long UMOUNT2 = symbol("umount2");
  private static final long MMAP = symbol("mmap");
  private static final long MUNMAP = symbol("munmap");
  private static final long SOCKETPAIR = symbol("socketpair");
  private static final long RECVMSG = symbol("recvmsg");
  private static final long POSIX_SPAWNP = symbol("posix_spawnp");
  private static final long WAITPID = symbol("waitpid");
  private static final long GETEUID = symbol("geteuid");
  private static final long GETEGID = symbol("getegid");
  private static final long PTHREAD_SELF = symbol("pthread_self");
  private static final long PTHREAD_KILL = symbol("pthread_kill");
  private static final long KILL = symbol("kill");
  private static final long STRERROR = symbol("strerror");
  private static final long PRCTL = symbol("prctl");
  private static final long OPENLOG = symbol("openlog");
  private static final long SYSLOG = symbol("syslog");

  private LibC() {}

  private static CallContext[] contexts() {
    CallContext[] byArity = new CallContext[7];
    for (int arity = 0; arity < byArity.length; arity++) {
      Type[] words = new Type[arity];
      Arrays.fill(words, Type.SINT64);
      byArity[arity] =
          CallContext.getCallContext(Type.SINT64, words, CallingConvention.DEFAULT, true);
    }
    return byArity;
  }

  private static long symbol(String name) {
    long address = Library.getDefault().getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError(name);
    }
    return address;
  }

  /** The errno of the last call of this thread, negated. */
  private static int failed() {
    return -LastError.getInstance().get();
  }

  private static int check(long answer) {
    return (int) answer == -1 ? failed() : (int) answer;
  }

  static long read(int fd, long address, long lengthBytes) {
    long n = INVOKER.invokeN3(CONTEXTS[3], READ, fd, address, lengthBytes);
    return n < 0 ? failed() : n;
  }

  static long write(int fd, long address, long lengthBytes) {
    long n = INVOKER.invokeN3(CONTEXTS[3], WRITE, fd, address, lengthBytes);
    return n < 0 ? failed() : n;
  }

  static long writev(int fd, long iovecs, int count) {
    long n = INVOKER.invokeN3(CONTEXTS[3], WRITEV, fd, iovecs, count);
    return n < 0 ? failed() : n;
  }

  static int open(String path, int flags) {
    try (NativeStrings strings = new NativeStrings()) {
      return check(INVOKER.invokeN3(CONTEXTS[3], OPEN, strings.add(path), flags, 0));
    }
  }

  static int close(int fd) {
    return check(INVOKER.invokeN1(CONTEXTS[1], CLOSE, fd));
  }

  static int ioctl(int fd, long request, long argumentAddress) {
    return check(INVOKER.invokeN3(CONTEXTS[3], IOCTL, fd, request, argumentAddress));
  }

  static int fcntl(int fd, int command, long argument) {
    return check(INVOKER.invokeN3(CONTEXTS[3], FCNTL, fd, command, argument));
  }

  /** Whether the file system behind a path answers: 0, or the negative errno. */
  static int statfs(String path) {
    ByteBuffer ignored = ByteBuffer.allocateDirect(STATFS_BYTES);
    try (NativeStrings strings = new NativeStrings()) {
      return check(INVOKER.invokeN2(CONTEXTS[2], STATFS, strings.add(path), addressOf(ignored)));
    } finally {
      Reference.reachabilityFence(ignored);
    }
  }

  static int mount(String source, String target, String type, long flags, String options) {
    try (NativeStrings strings = new NativeStrings()) {
      return check(
          INVOKER.invokeN5(
              CONTEXTS[5],
              MOUNT,
              strings.add(source),
              strings.add(target),
              strings.add(type),
              flags,
              strings.add(options)));
    }
  }

  static int umount2(String target, int flags) {
    try (NativeStrings strings = new NativeStrings()) {
      return check(INVOKER.invokeN2(CONTEXTS[2], UMOUNT2, strings.add(target), flags));
    }
  }

  /** Anonymous private memory; its address, or a negative errno. */
  static long mapAnonymous(long lengthBytes) {
    int readWrite = 3;
    int privateAnonymous = 0x22;
    long address =
        INVOKER.invokeN6(CONTEXTS[6], MMAP, 0, lengthBytes, readWrite, privateAnonymous, -1, 0);
    return address == -1 ? failed() : address;
  }

  static int unmap(long address, long lengthBytes) {
    return check(INVOKER.invokeN2(CONTEXTS[2], MUNMAP, address, lengthBytes));
  }

  static int socketpair(int domain, int type, int protocol, long pairAddress) {
    return check(INVOKER.invokeN4(CONTEXTS[4], SOCKETPAIR, domain, type, protocol, pairAddress));
  }

  static int recvmsg(int fd, long messageAddress, int flags) {
    return check(INVOKER.invokeN3(CONTEXTS[3], RECVMSG, fd, messageAddress, flags));
  }

  /** Answers the errno itself, positive, as posix_spawn(3) does. */
  static int posixSpawnp(long pidAddress, long file, long argv, long envp) {
    return (int) INVOKER.invokeN6(CONTEXTS[6], POSIX_SPAWNP, pidAddress, file, 0, 0, argv, envp);
  }

  static int waitpid(int pid, long statusAddress) {
    return check(INVOKER.invokeN3(CONTEXTS[3], WAITPID, pid, statusAddress, 0));
  }

  static long pthreadSelf() {
    return INVOKER.invokeN0(CONTEXTS[0], PTHREAD_SELF);
  }

  /** Answers the errno itself, positive, as pthread_kill(3) does. */
  static int pthreadKill(long pthread, int signal) {
    return (int) INVOKER.invokeN2(CONTEXTS[2], PTHREAD_KILL, pthread, signal);
  }

  static int kill(long pid, int signal) {
    return check(INVOKER.invokeN2(CONTEXTS[2], KILL, pid, signal));
  }

  static int geteuid() {
    return (int) INVOKER.invokeN0(CONTEXTS[0], GETEUID);
  }

  static int getegid() {
    return (int) INVOKER.invokeN0(CONTEXTS[0], GETEGID);
  }

  static int prctl(int option, long argument) {
    return check(INVOKER.invokeN5(CONTEXTS[5], PRCTL, option, argument, 0, 0, 0));
  }

  /** The C library keeps the name's address: it is never freed. */
  static void openlog(String name, int option, int facility) {
    @SuppressWarnings("resource")
    NativeStrings kept = new NativeStrings();
    long unused = INVOKER.invokeN3(CONTEXTS[3], OPENLOG, kept.add(name), option, facility);
  }

  static void syslog(int priority, String message) {
    try (NativeStrings strings = new NativeStrings()) {
      long unused =
          INVOKER.invokeN3(CONTEXTS[3], SYSLOG, priority, strings.add("%s"), strings.add(message));
    }
  }

  static String strerror(int errno) {
    long text = INVOKER.invokeN1(CONTEXTS[1], STRERROR, errno);
    return new String(
        MemoryIO.getInstance().getZeroTerminatedByteArray(text), StandardCharsets.UTF_8);
  }

  /** Where a direct buffer's bytes start: index 0, whatever its position. */
  static long addressOf(Buffer direct) {
    return MemoryIO.getInstance().getDirectBufferAddress(direct);
  }
}
