package io.jfs.meta.engine.kv.tikv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.jfs.meta.engine.kv.tikv.Backoff.Cause;
import io.jfs.meta.engine.kv.tikv.proto.PdTimestamp;
import io.jfs.meta.engine.kv.tikv.proto.TsoRequest;
import io.jfs.meta.engine.kv.tikv.proto.TsoResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Timestamps of the cluster, each given out once: milliseconds above 18 bits of a counter. Who asks
 * while a request is under way shares the next one. Thread safe.
 */
final class Timestamps implements AutoCloseable {
  private static final int LOGICAL_BITS = 18;
  private static final int MOST_AT_ONCE = 1 << 14;
  private static final long TIMEOUT_MILLIS = 3000;
  private static final String GLOBAL = "global";

  private final Drivers drivers;
  private final AtomicLong latest = new AtomicLong();
  private final AtomicLong latestGiven = new AtomicLong();

  @GuardedBy("this")
  private List<CompletableFuture<Long>> waiting = new ArrayList<>();

  @GuardedBy("this")
  private @Nullable Stream stream;

  Timestamps(Drivers drivers) {
    this.drivers = drivers;
  }

  /** The latest timestamp that this client knows of. */
  long latest() {
    return latest.get();
  }

  /**
   * The latest timestamp that this client was given. A commit may be one later at most: then who
   * asks for the time afterwards, be it another client, reads it. What a store has committed may be
   * that one already, so commits that each went beyond the one before would run ahead of the clock.
   */
  long latestGiven() {
    return latestGiven.get();
  }

  /** A store has committed something then. */
  void learn(long commitTs) {
    latest.accumulateAndGet(commitTs, Math::max);
  }

  /** The milliseconds of a timestamp. */
  static long millis(long timestamp) {
    return timestamp >>> LOGICAL_BITS;
  }

  /** The first timestamp of the moment that is so long before another's. */
  static long before(long timestamp, Duration span) {
    return Math.max(0, millis(timestamp) - span.toMillis()) << LOGICAL_BITS;
  }

  /** A timestamp that is later than all that were given out before this call. */
  long next(Backoff backoff) {
    while (true) {
      Drivers.Leader leader = drivers.leader(backoff);
      CompletableFuture<Long> answer = new CompletableFuture<>();
      Stream asked = ask(leader, answer);
      try {
        long timestamp = answer.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        learn(timestamp);
        latestGiven.accumulateAndGet(timestamp, Math::max);
        return timestamp;
      } catch (ExecutionException e) {
        failed(asked, leader, String.valueOf(e.getMessage()), backoff);
      } catch (TimeoutException e) {
        failed(asked, leader, "no timestamp in time", backoff);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed(asked, leader, "interrupted", backoff);
      }
    }
  }

  private void failed(Stream asked, Drivers.Leader leader, String why, Backoff backoff) {
    asked.end(new IllegalStateException(why));
    drivers.suspect(leader);
    backoff.pause(Cause.DRIVER, leader.server() + ": " + why);
  }

  private synchronized Stream ask(Drivers.Leader leader, CompletableFuture<Long> answer) {
    Stream current = stream;
    if (current == null || !current.leader.equals(leader)) {
      current = new Stream(leader);
      stream = current;
      current.open();
    }
    waiting.add(answer);
    current.send();
    return current;
  }

  @Override
  public synchronized void close() {
    if (stream != null) {
      stream.end(new IllegalStateException("closed"));
    }
  }

  /** One stream to one leader, with at most one request under way. */
  private final class Stream implements ClientResponseObserver<TsoRequest, TsoResponse> {
    private final Drivers.Leader leader;
    private @Nullable StreamObserver<TsoRequest> requests;
    private @Nullable ClientCallStreamObserver<TsoRequest> call;

    /** Who is answered by the request that is under way. */
    private List<CompletableFuture<Long>> asking = List.of();

    Stream(Drivers.Leader leader) {
      this.leader = leader;
    }

    void open() {
      requests =
          ClientCalls.asyncBidiStreamingCall(
              leader.channel().newCall(Rpcs.TIMESTAMPS, CallOptions.DEFAULT), this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<TsoRequest> started) {
      call = started;
    }

    void send() {
      synchronized (Timestamps.this) {
        if (!asking.isEmpty() || waiting.isEmpty() || requests == null || stream != this) {
          return;
        }
        int count = Math.min(waiting.size(), MOST_AT_ONCE);
        asking = List.copyOf(waiting.subList(0, count));
        waiting = new ArrayList<>(waiting.subList(count, waiting.size()));
        requests.onNext(
            TsoRequest.newBuilder()
                .setHeader(leader.header())
                .setCount(count)
                .setDcLocation(GLOBAL)
                .build());
      }
    }

    @Override
    public void onNext(TsoResponse answer) {
      List<CompletableFuture<Long>> answered;
      synchronized (Timestamps.this) {
        answered = asking;
        asking = List.of();
      }
      if (answer.getHeader().hasError() || answer.getCount() != answered.size()) {
        end(new IllegalStateException("refused: " + answer.getHeader().getError().getMessage()));
        answered.forEach(future -> future.completeExceptionally(Status.ABORTED.asException()));
        return;
      }
      // The answer holds the last of the batch; the lowest bits of the counter may be a suffix.
      PdTimestamp last = answer.getTimestamp();
      long step = 1L << last.getSuffixBits();
      for (int i = 0; i < answered.size(); i++) {
        long logical = last.getLogical() - (answered.size() - 1 - i) * step;
        answered.get(i).complete((last.getPhysical() << LOGICAL_BITS) + logical);
      }
      send();
    }

    @Override
    public void onError(Throwable t) {
      end(t);
    }

    @Override
    public void onCompleted() {
      end(Status.UNAVAILABLE.withDescription("stream ended").asException());
    }

    /** Nobody is answered on this stream any more. */
    void end(Throwable why) {
      List<CompletableFuture<Long>> unanswered = new ArrayList<>();
      synchronized (Timestamps.this) {
        unanswered.addAll(asking);
        asking = List.of();
        if (stream == this) {
          stream = null;
          unanswered.addAll(waiting);
          waiting = new ArrayList<>();
        }
      }
      if (call != null) {
        call.cancel("given up", null);
      }
      unanswered.forEach(future -> future.completeExceptionally(why));
    }
  }
}
