package io.jfs.fuse;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.device.NativeMemory;
import io.jfs.fuse.device.NativeThread;
import io.jfs.fuse.proto.InHeader;
import io.jfs.fuse.proto.Opcode;
import io.jfs.meta.model.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that read requests, each of which serves what it has read itself. When the last
 * waiting reader takes a request it first starts another, so that the device is never left alone
 * while an operation blocks; when many wait, the surplus ends.
 *
 * <p>Why not few readers that hand what may block to a pool: a hop between threads costs more than
 * the operation. Measured on 2 cores with a file system in memory, medians without and with a
 * hand-off of read, write, flush, fsync and release: 4 KiB O_DIRECT read 7 and 17 us, 4 KiB write 7
 * and 18 us, fsync 4 and 14 us, open + close 27 and 18 kop/s; 24 threads in an fsync of 20 ms run
 * side by side in both. What idle readers cost is a stack and the pages of their buffer that were
 * ever touched; ending them at once costs more, since the next burst starts them again.
 *
 * <p>At the limit the last reader keeps watch: operations that may block it leaves to those who
 * come back, so that interrupts, attributes and names are answered while every other reader waits
 * for an object store.
 */
final class Readers {
  private static final Logger log = LoggerFactory.getLogger(Readers.class);

  /** How many readers there are, and how fast the surplus ends. */
  record Limits(int atLeast, int idleAtMost, int atMost, Duration betweenEndings) {
    static final Limits DEFAULT = new Limits(2, 16, 64, Duration.ofSeconds(2));
  }

  /**
   * Room for the longest request: a WRITE with its headers, and never less than the kernel asks.
   */
  static int requestBytes(int maxIoBytes) {
    return maxIoBytes + 8192;
  }

  private static final Duration BETWEEN_WAKES = Duration.ofMillis(2);

  /** What does not wait for the object store: the watch serves it itself. */
  private static final Set<Opcode> PROMPT =
      EnumSet.of(
          Opcode.LOOKUP,
          Opcode.FORGET,
          Opcode.BATCH_FORGET,
          Opcode.GETATTR,
          Opcode.READLINK,
          Opcode.STATFS,
          Opcode.ACCESS,
          Opcode.GETXATTR,
          Opcode.LISTXATTR,
          Opcode.OPENDIR,
          Opcode.READDIR,
          Opcode.READDIRPLUS,
          Opcode.RELEASEDIR,
          Opcode.GETLK,
          Opcode.SETLK,
          Opcode.SETLKW,
          Opcode.INTERRUPT,
          Opcode.DESTROY);

  private final FuseDevice device;
  private final boolean cloneDevice;
  private final int requestBytes;
  private final Limits limits;
  private final Callers callers;
  private final Consumer<Operation> dispatcher;
  private final Runnable whenAllEnded;

  /** Readers that wait in read(2) or are about to. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** No further request is to be read; what was read is served. */
  private volatile boolean paused;

  private final AtomicInteger alive = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();

  /** When a reader last ended for want of work, in {@link System#nanoTime}. */
  private final AtomicLong lastEnding = new AtomicLong(System.nanoTime());

  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Deferred> deferred = new ConcurrentLinkedQueue<>();

  /** An operation that the watch left to others, with the memory in which it lies. */
  private record Deferred(Operation op, NativeMemory memory) {}

  /**
   * Readers of a device.
   *
   * @param requestBytes room for the longest request
   * @param whenAllEnded runs on the last reader's thread after it has let go of the device
   */
  Readers(
      FuseDevice device,
      boolean cloneDevice,
      int requestBytes,
      Limits limits,
      Callers callers,
      Consumer<Operation> dispatcher,
      Runnable whenAllEnded) {
    this.device = device;
    this.cloneDevice = cloneDevice;
    this.requestBytes = requestBytes;
    this.limits = limits;
    this.callers = callers;
    this.dispatcher = dispatcher;
    this.whenAllEnded = whenAllEnded;
  }

  /** Starts the first readers. */
  void start() {
    for (int i = 0; i < limits.atLeast; i++) {
      boolean unused = startOne();
    }
  }

  /**
   * Stops reading, and waits until what was read is served. What comes meanwhile waits in the
   * kernel.
   *
   * @param resends whether the kernel asks again for locks that wait; if not, they are refused with
   *     EINTR
   * @return whether no reader is left; if not, all go on
   */
  boolean pause(Duration patience, boolean resends) throws InterruptedException {
    paused = true;
    long start = System.nanoTime();
    while (alive.get() > waitingForLocks(resends)) {
      if (System.nanoTime() - start > patience.toNanos()) {
        resume();
        return false;
      }
      readers.forEach(Reader::wake);
      TimeUnit.NANOSECONDS.sleep(BETWEEN_WAKES.toNanos());
    }
    return true;
  }

  private int waitingForLocks(boolean mayWait) {
    int waitingForLocks = 0;
    for (Reader reader : readers) {
      Operation op = reader.current;
      if (op != null && op.opcode() == Opcode.SETLKW) {
        if (mayWait) {
          waitingForLocks++;
        } else {
          op.interrupt();
        }
      }
    }
    return waitingForLocks;
  }

  /** Reads on after {@link #pause}. */
  void resume() {
    paused = false;
    while (alive.get() < limits.atLeast && startOne()) {
      // As many as at the start.
    }
  }

  /** The operation with an id that a reader serves or that waits to be served; null if none. */
  @Nullable Operation find(long unique) {
    for (Reader reader : readers) {
      Operation op = reader.current;
      if (op != null && op.unique() == unique) {
        return op;
      }
    }
    for (Deferred d : deferred) {
      if (d.op.unique() == unique) {
        return d.op;
      }
    }
    return null;
  }

  private boolean startOne() {
    int others = alive.get();
    while (others < limits.atMost) {
      if (alive.compareAndSet(others, others + 1)) {
        return startReader();
      }
      others = alive.get();
    }
    return false;
  }

  private boolean startReader() {
    try {
      Reader reader = new Reader();
      Thread thread = new Thread(reader, "fuse-reader-" + started.incrementAndGet());
      thread.setDaemon(true);
      thread.start();
      return true;
    } catch (Throwable e) {
      log.warn("no further reader: {}", e.toString());
      alive.decrementAndGet();
      return false;
    }
  }

  /** Whether one reader may end: enough others wait. Then it no longer counts. */
  private boolean dismissSurplus() {
    if (waiting.get() < limits.idleAtMost) {
      return false;
    }
    long last = lastEnding.get();
    long now = System.nanoTime();
    if (now - last < limits.betweenEndings.toNanos() || !lastEnding.compareAndSet(last, now)) {
      return false;
    }
    int others = alive.get();
    return others > limits.atLeast && alive.compareAndSet(others, others - 1);
  }

  private final class Reader implements Runnable {
    private final FuseDevice channel = openChannel();
    private final Reply reply = new Reply();
    private NativeMemory memory = NativeMemory.allocate(requestBytes);
    private volatile @Nullable Operation current;
    private volatile @Nullable NativeThread thread;
    private volatile boolean reading;

    private FuseDevice openChannel() {
      if (!cloneDevice) {
        return device;
      }
      try {
        return device.openClone();
      } catch (IOException e) {
        log.debug("sharing the channel: {}", e.toString());
        return device;
      }
    }

    @Override
    public void run() {
      thread = NativeThread.current();
      readers.add(this);
      boolean dismissed = false;
      try {
        while (!paused && serveNext() && !dismissed) {
          dismissed = dismissSurplus();
        }
      } catch (Throwable e) {
        log.error("a reader ends", e);
      } finally {
        leave(dismissed);
      }
    }

    private void leave(boolean dismissed) {
      if (paused) {
        serveAllDeferred();
      }
      readers.remove(this);
      NativeThread self = thread;
      if (self != null) {
        self.end();
      }
      memory.close();
      reply.close();
      if (channel != device) {
        channel.close();
      }
      if (!dismissed && alive.decrementAndGet() == 0 && !paused) {
        whenAllEnded.run();
      }
    }

    /** Serves one request; false when there will be none any more. */
    private boolean serveNext() {
      boolean others = waiting.incrementAndGet() > 1;
      Deferred left = others ? deferred.poll() : null;
      if (left != null) {
        waiting.decrementAndGet();
        serveDeferred(left);
        return true;
      }
      reading = true;
      int length = channel.read(memory);
      reading = false;
      boolean deviceIsAlone = waiting.decrementAndGet() == 0;
      if (length < 0) {
        return mayReadOn(-length);
      }
      serve(length, deviceIsAlone && !startOne());
      return true;
    }

    private boolean mayReadOn(int errno) {
      switch (errno) {
        case FuseDevice.ENOENT, FuseDevice.EAGAIN, FuseDevice.EINTR -> {
          return true;
        }
        case FuseDevice.ENODEV, FuseDevice.ECONNABORTED -> {
          readers.forEach(Reader::interrupt);
          serveAllDeferred();
          return false;
        }
        default -> {
          log.error("reading requests failed with errno {}", errno);
          return false;
        }
      }
    }

    private void serve(int length, boolean onWatch) {
      ByteBuffer in = memory.buffer();
      Opcode opcode = Opcode.of(InHeader.opcode(in));
      if (opcode == null || length != InHeader.length(in)) {
        int unused = reply.send(channel, InHeader.unique(in), Errno.ENOSYS.number(), 0);
        return;
      }
      Operation op = new Operation(opcode, in, channel, reply, callers.of(in), System.nanoTime());
      if (onWatch && !PROMPT.contains(opcode)) {
        defer(op);
      } else {
        serve(op);
      }
    }

    private void serve(Operation op) {
      current = op;
      try {
        dispatcher.accept(op);
      } finally {
        current = null;
      }
    }

    /**
     * Leaves an operation to whoever is free next. Everyone counts himself as waiting and then, if
     * others wait with him, looks into the queue; here the queue grows and then the count is looked
     * at: so at least one of both sees the other.
     */
    private void defer(Operation op) {
      deferred.add(new Deferred(op, memory));
      memory = NativeMemory.allocate(requestBytes);
      if (waiting.get() > 0) {
        Deferred left = deferred.poll();
        if (left != null) {
          serveDeferred(left);
        }
      }
    }

    /** Has a reader that waits for a request look whether it still should. */
    private void wake() {
      NativeThread waiting = thread;
      if (reading && waiting != null) {
        waiting.wake();
      }
    }

    /** Nobody is left who waits for an answer. */
    private void interrupt() {
      Operation op = current;
      if (op != null) {
        op.interrupt();
      }
    }

    private void serveAllDeferred() {
      for (Deferred left = deferred.poll(); left != null; left = deferred.poll()) {
        serveDeferred(left);
      }
    }

    private void serveDeferred(Deferred left) {
      try {
        serve(left.op.movedTo(reply));
      } finally {
        left.memory.close();
      }
    }
  }
}
