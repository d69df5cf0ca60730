package io.jfs.meta.engine.kv.tikv;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.jfs.meta.engine.kv.tikv.Backoff.Cause;
import io.jfs.meta.engine.kv.tikv.proto.Context;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the regions that they are for, to all regions of a task at once, and again
 * where a region has moved. Thread safe.
 */
final class RegionClient {
  private static final int MOST_ITEMS = 1024;
  private static final int MOST_BYTES = 512 << 10;

  private final Connections connections;
  private final Regions regions;
  private final RegionErrors errors;
  private final long timeoutMillis;

  RegionClient(Connections connections, Regions regions, long timeoutMillis) {
    this.connections = connections;
    this.regions = regions;
    this.errors = new RegionErrors(regions);
    this.timeoutMillis = timeoutMillis;
  }

  /** Starts a task; its first requests are under way when this returns. */
  <I, Q, A> Running<I, Q, A> start(RegionTask<I, Q, A> task, Collection<I> items, Backoff backoff) {
    Running<I, Q, A> running = new Running<>(task, backoff);
    running.send(items);
    return running;
  }

  /** Runs a task to its end. */
  <I, Q, A> void run(RegionTask<I, Q, A> task, Collection<I> items, Backoff backoff) {
    start(task, items, backoff).await();
  }

  /** How many requests a task would take now. */
  <I, Q, A> int requests(RegionTask<I, Q, A> task, Collection<I> items, Backoff backoff) {
    int count = 0;
    for (Map.Entry<KnownRegion, List<I>> group : byRegion(task, items, backoff).entrySet()) {
      count += parts(task, group.getValue()).size();
    }
    return count;
  }

  private <I, Q, A> Map<KnownRegion, List<I>> byRegion(
      RegionTask<I, Q, A> task, Collection<I> items, Backoff backoff) {
    Map<KnownRegion, List<I>> groups = new LinkedHashMap<>();
    KnownRegion last = null;
    for (I item : items) {
      ByteString key = task.key(item);
      if (last == null || !last.holds(key)) {
        last = regions.of(key, backoff);
      }
      groups.computeIfAbsent(last, region -> new ArrayList<>()).add(item);
    }
    return groups;
  }

  private static <I, Q, A> List<List<I>> parts(RegionTask<I, Q, A> task, List<I> items) {
    List<List<I>> parts = new ArrayList<>();
    List<I> part = new ArrayList<>();
    int bytes = 0;
    for (I item : items) {
      int weight = task.weight(item);
      if (!part.isEmpty() && (part.size() == MOST_ITEMS || bytes + weight > MOST_BYTES)) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(item);
      bytes += weight;
    }
    parts.add(part);
    return parts;
  }

  /** A request that is under way, and to whom. */
  private record Flight<I, A>(
      KnownRegion region, List<I> items, String server, ListenableFuture<A> answer) {}

  /** A task that has begun. Confined to one thread. */
  final class Running<I, Q, A> {
    private final RegionTask<I, Q, A> task;
    private final Backoff backoff;
    private List<Flight<I, A>> flights = new ArrayList<>();

    Running(RegionTask<I, Q, A> task, Backoff backoff) {
      this.task = task;
      this.backoff = backoff;
    }

    private void send(Collection<I> items) {
      byRegion(task, items, backoff)
          .forEach(
              (region, group) ->
                  parts(task, group).forEach(part -> flights.add(send(region, part))));
    }

    private Flight<I, A> send(KnownRegion region, List<I> items) {
      String server = regions.server(region, backoff);
      Context.Builder context = region.context();
      task.address(context);
      Q request = task.procedure().addressed().apply(task.request(region, items), context.build());
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
      return new Flight<>(
          region,
          items,
          server,
          ClientCalls.futureUnaryCall(
              connections.to(server).newCall(task.procedure().method(), options), request));
    }

    /**
     * Returns when every item was answered for.
     *
     * @throws AnswerLost if one request was lost that may not be repeated; all others have ended
     */
    void await() {
      while (!flights.isEmpty()) {
        List<Flight<I, A>> round = flights;
        flights = new ArrayList<>();
        List<I> again = new ArrayList<>();
        RuntimeException failure = null;
        for (Flight<I, A> flight : round) {
          try {
            again.addAll(land(flight));
          } catch (RuntimeException e) {
            // A lost answer matters more than a refusal: it leaves the outcome open.
            failure = failure == null || e instanceof AnswerLost ? e : failure;
          }
        }
        if (failure != null) {
          throw failure;
        }
        send(again);
      }
    }

    private List<I> land(Flight<I, A> flight) {
      A answer;
      try {
        answer = flight.answer().get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof StatusRuntimeException failure) {
          unreachable(flight, failure);
          return flight.items();
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        flight.answer().cancel(true);
        Thread.currentThread().interrupt();
        lostUnlessRepeatable("interrupted", e);
        backoff.pause(Cause.UNREACHABLE, "interrupted");
        return flight.items();
      }
      RegionError error = task.procedure().regionError().apply(answer);
      if (error.equals(RegionError.getDefaultInstance())) {
        return task.take(flight.region(), flight.items(), answer, backoff);
      }
      if (error.hasUndeterminedResult()) {
        lostUnlessRepeatable(error.getMessage(), null);
      }
      errors.handle(flight.region(), error, backoff);
      return flight.items();
    }

    private void unreachable(Flight<I, A> flight, StatusRuntimeException failure) {
      String why = flight.server() + ": " + Connections.describe(failure);
      boolean unsent = Connections.isUnsent(failure);
      errors.unreachable(flight.region());
      if (!unsent) {
        lostUnlessRepeatable(why, failure);
      }
      connections.to(flight.server()).resetConnectBackoff();
      switch (failure.getStatus().getCode()) {
        case UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED -> throw backoff.fatal(why);
        default -> backoff.pause(Cause.UNREACHABLE, why, 0, failure);
      }
    }

    private void lostUnlessRepeatable(String why, @Nullable Throwable cause) {
      if (!task.isRepeatable()) {
        throw new AnswerLost(why, cause == null ? new IllegalStateException(why) : cause);
      }
    }
  }
}
