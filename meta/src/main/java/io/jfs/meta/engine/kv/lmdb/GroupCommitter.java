package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.txn.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Commits of many threads in few transactions: a thread that finds nobody at work commits what is
 * queued, its own among it, in one transaction with one flush; the others wait for their outcome. A
 * single thread commits without any hand-over. Each commit of a group is checked against what the
 * ones before it left.
 */
final class GroupCommitter {
  private static final int LARGEST_GROUP = 256;

  private final Environment environment;
  private final ConcurrentLinkedQueue<Request> queue = new ConcurrentLinkedQueue<>();
  private final ReentrantLock leader;

  GroupCommitter(Environment environment) {
    this.environment = environment;
    this.leader = environment.writerLock();
  }

  /** One commit on its way. */
  private static final class Request {
    final List<KvCheck> checks;
    final List<KvWrite> writes;
    final Thread owner = Thread.currentThread();
    @Nullable KvOutcome tentative;
    @Nullable RuntimeException refused;
    volatile @Nullable KvOutcome outcome;
    volatile @Nullable RuntimeException failure;

    Request(List<KvCheck> checks, List<KvWrite> writes) {
      this.checks = checks;
      this.writes = writes;
    }

    boolean isDone() {
      return outcome != null || failure != null;
    }
  }

  /** Does everything or nothing. */
  KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes) {
    Request request = new Request(checks, writes);
    queue.add(request);
    boolean interrupted = false;
    while (!request.isDone()) {
      if (leader.tryLock()) {
        try {
          lead(request);
        } finally {
          leader.unlock();
        }
        wakeSuccessor();
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return result(request);
  }

  private static KvOutcome result(Request request) {
    RuntimeException failure = request.failure;
    if (failure instanceof EngineException e) {
      throw new EngineException(e.kind(), String.valueOf(e.getMessage()), e);
    }
    if (failure instanceof CorruptRecordException e) {
      throw new CorruptRecordException(String.valueOf(e.getMessage()));
    }
    KvOutcome outcome = request.outcome;
    if (outcome == null) {
      throw new IllegalStateException("commit failed", failure);
    }
    return outcome;
  }

  /** Runs alone: nobody commits meanwhile. */
  void exclusively(Runnable task) {
    leader.lock();
    try {
      task.run();
    } finally {
      leader.unlock();
    }
    wakeSuccessor();
  }

  private void lead(Request own) {
    while (!own.isDone()) {
      List<Request> group = new ArrayList<>();
      Request next;
      while (group.size() < LARGEST_GROUP && (next = queue.poll()) != null) {
        group.add(next);
      }
      commitGroup(group);
    }
  }

  private void wakeSuccessor() {
    Request waiting = queue.peek();
    if (waiting != null) {
      LockSupport.unpark(waiting.owner);
    }
  }

  private void commitGroup(List<Request> group) {
    RuntimeException failure = null;
    try {
      environment.write(view -> applyAll(group, view));
    } catch (RuntimeException e) {
      failure = e;
    }
    for (Request request : group) {
      if (request.refused != null) {
        request.failure = request.refused;
      } else if (failure != null) {
        request.failure = failure;
      } else {
        request.outcome = request.tentative;
      }
      if (request.owner != Thread.currentThread()) {
        LockSupport.unpark(request.owner);
      }
    }
  }

  private static boolean applyAll(List<Request> group, TxnView view) {
    boolean written = false;
    for (Request request : group) {
      written |= apply(request, view);
    }
    return written;
  }

  private static boolean apply(Request request, TxnView view) {
    request.refused = null;
    try {
      if (!view.holds(request.checks)) {
        request.tentative = KvOutcome.CONFLICT;
        return false;
      }
      List<@Nullable KvPair> staged = view.stage(request.writes);
      request.tentative = KvOutcome.committed(staged);
      for (int i = 0; i < staged.size(); i++) {
        view.apply(request.writes.get(i), staged.get(i));
      }
      return !staged.isEmpty();
    } catch (CorruptRecordException e) {
      request.refused = e; // thrown by a check or while staging: nothing of it was written
      return false;
    }
  }
}
