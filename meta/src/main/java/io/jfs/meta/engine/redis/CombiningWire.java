package io.jfs.meta.engine.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One plain TCP connection for all threads, without a thread of its own on the way: whoever sends
 * writes, together with what others have added meanwhile; of those who wait for answers one reads,
 * for himself and for the others, until he has his own. One thread alone so waits for nothing but
 * the server, and many share their system calls and the server's. Why not the client library's way:
 * ADR 0010.
 */
final class CombiningWire implements Wire {
  private static final Duration LONGEST_WATCH = Duration.ofSeconds(1);

  /**
   * What is said on a new connection before anything else.
   *
   * @param command AUTH, SELECT or READONLY
   */
  record Greeting(CommandType command, List<byte[]> words) {}

  private final Socket socket;
  private final OutputStream out;
  private final RespReader in;
  private final RedisOptions options;
  private final Wire guard;
  private final Thread watch;

  /** Guards what is to be sent and who waits, for moments only. */
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  @GuardedBy("lock")
  private RespBuffer filling = new RespBuffer();

  @GuardedBy("lock")
  private RespBuffer spare = new RespBuffer();

  @GuardedBy("lock")
  private boolean flushing;

  @GuardedBy("lock")
  private @Nullable IOException failure;

  /** Whether somebody reads. */
  private final AtomicBoolean led = new AtomicBoolean();

  private volatile boolean broken;

  /**
   * Connects.
   *
   * @param guard a connection to the same server, owned from now on: when the server goes while
   *     nobody waits for an answer, it is the one that hears of it
   * @throws RedisException no connection, or the server refuses a greeting
   */
  CombiningWire(RedisUrl.Host server, List<Greeting> greetings, RedisOptions options, Wire guard) {
    this.options = options;
    this.guard = guard;
    this.watch = new Thread(this::watch, "redis-watch");
    watch.setDaemon(true);
    this.socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      int timeout = Math.toIntExact(Math.max(100, options.writeTimeout().toMillis()));
      socket.connect(new InetSocketAddress(server.name(), server.port()), timeout);
      this.out = socket.getOutputStream();
      this.in = new RespReader(socket.getInputStream());
      watch.start();
      greet(greetings);
    } catch (IOException e) {
      close();
      throw new RedisConnectionException("cannot connect to " + server, e);
    } catch (RedisException e) {
      close();
      throw e;
    }
  }

  private void greet(List<Greeting> greetings) throws IOException {
    for (Greeting greeting : greetings) {
      try {
        List<Object> unused =
            send(greeting.command(), greeting.words()).await(deadline(System.nanoTime()));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RedisException refusal) {
          throw refusal;
        }
        throw new IOException(e);
      } catch (TimeoutException | InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private long deadline(long now) {
    return now + options.readTimeout().toNanos();
  }

  // ---- sending ----

  @Override
  public Reply send(CommandType command, List<byte[]> words) {
    Waiter waiter = new Waiter(Thread.currentThread(), deadline(System.nanoTime()));
    boolean mine;
    lock.lock();
    try {
      if (failure != null) {
        throw new RedisException(failure);
      }
      filling.add(command, words);
      waiters.add(waiter);
      mine = !flushing;
      flushing = true;
    } finally {
      lock.unlock();
    }
    if (mine) {
      flush();
    }
    return waiter;
  }

  /** Writes until nothing is left that was added meanwhile. */
  private void flush() {
    try {
      for (RespBuffer full = nextFull(); full != null; full = nextFull()) {
        full.drainTo(out);
      }
    } catch (IOException e) {
      fail(e); // the server may have got some of it: each waiter hears that his answer is lost
    }
  }

  private @Nullable RespBuffer nextFull() {
    lock.lock();
    try {
      if (filling.isEmpty() || failure != null) {
        flushing = false;
        return null;
      }
      RespBuffer full = filling;
      filling = spare;
      spare = full;
      return full;
    } finally {
      lock.unlock();
    }
  }

  // ---- waiting ----

  /** Who waits for an answer. */
  private final class Waiter implements Reply {
    private final Thread thread;
    private final long sendersDeadline;
    private @Nullable List<Object> answer;
    private @Nullable RedisException trouble;
    private volatile boolean settled;
    private volatile boolean waiting;

    Waiter(Thread thread, long sendersDeadline) {
      this.thread = thread;
      this.sendersDeadline = sendersDeadline;
    }

    @Override
    public List<Object> await(long deadline)
        throws ExecutionException, TimeoutException, InterruptedException {
      waiting = true;
      while (!settled) {
        if (led.compareAndSet(false, true)) {
          lead(this);
        } else {
          LockSupport.parkNanos(CombiningWire.this, deadline - System.nanoTime());
          if (!settled) {
            beware(deadline);
          }
        }
      }
      waiting = false;
      if (trouble != null) {
        throw new ExecutionException(trouble);
      }
      return Objects.requireNonNull(answer);
    }

    private void beware(long deadline) throws TimeoutException, InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (System.nanoTime() - deadline >= 0) {
        fail(new IOException("no answer in time"));
        throw new TimeoutException("no answer in time");
      }
    }

    void settle(@Nullable List<Object> result, @Nullable RedisException why) {
      answer = result;
      trouble = why;
      settled = true;
      if (waiting && thread != Thread.currentThread()) {
        LockSupport.unpark(thread);
      }
    }
  }

  /** Reads for everyone until the leader has his answer, and then leaves the lead to another. */
  private void lead(Waiter leader) {
    try {
      while (!leader.settled || in.hasMore()) {
        readOne();
      }
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new IOException("not an answer of Redis", e));
    } finally {
      led.set(false);
      wakeNextLeader();
    }
  }

  private void readOne() throws IOException {
    List<Object> answer = null;
    RedisException refusal = null;
    try {
      answer = in.read();
    } catch (RedisException e) {
      refusal = e;
    }
    Waiter waiter;
    lock.lock();
    try {
      waiter = waiters.poll();
    } finally {
      lock.unlock();
    }
    if (waiter == null) {
      throw new IOException(broken ? "closed" : "an answer that nobody asked for");
    }
    waiter.settle(answer, refusal);
  }

  private void wakeNextLeader() {
    lock.lock();
    try {
      for (Waiter next : waiters) {
        if (next.waiting) {
          LockSupport.unpark(next.thread);
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- the end ----

  private void fail(IOException why) {
    broken = true;
    List<Waiter> left;
    lock.lock();
    try {
      if (failure == null) {
        failure = why;
      }
      left = new ArrayList<>(waiters);
      waiters.clear();
    } finally {
      lock.unlock();
    }
    closeSocket();
    RedisException lost = new RedisException(why);
    left.forEach(waiter -> waiter.settle(null, lost));
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      return; // nothing more can be done with it
    }
  }

  @Override
  public boolean isOpen() {
    return !broken && guard.isOpen();
  }

  @Override
  public void close() {
    guard.close();
    fail(new IOException("closed"));
    watch.interrupt();
  }

  // ---- watching ----

  /** Who reads cannot look at the clock: somebody else does. */
  private void watch() {
    long pauseMillis =
        Math.max(1, Math.min(LONGEST_WATCH.toMillis(), options.readTimeout().toMillis() / 4));
    try {
      while (!broken) {
        Thread.sleep(pauseMillis);
        if (isOverdue(System.nanoTime())) {
          fail(new IOException("no answer within " + options.readTimeout()));
        } else if (!guard.isOpen()) {
          fail(new IOException("Redis has closed the connection"));
        }
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private boolean isOverdue(long now) {
    lock.lock();
    try {
      Waiter oldest = waiters.peek();
      return oldest != null && now - oldest.sendersDeadline > 0;
    } finally {
      lock.unlock();
    }
  }
}
