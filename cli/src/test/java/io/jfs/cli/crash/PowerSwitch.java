package io.jfs.cli.crash;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * Stops a client at a call that changes something outside: a commit or an allocation of its engine,
 * a put or a delete of its object store. From then on nothing of it gets through, as if its process
 * had been killed.
 */
final class PowerSwitch {
  private static final Set<String> CHANGES = Set.of("commit", "allocate", "put", "delete");

  /** When, beside the call. */
  enum Moment {
    /** The call does not happen. */
    BEFORE,
    /** The call happens, and nobody hears of it. */
    AFTER
  }

  private final long stopAt;
  private final Moment moment;
  private long calls;
  private boolean stopped;

  PowerSwitch(long stopAt, Moment moment) {
    this.stopAt = stopAt;
    this.moment = moment;
  }

  /** Never stops. */
  static PowerSwitch alwaysOn() {
    return new PowerSwitch(Long.MAX_VALUE, Moment.BEFORE);
  }

  synchronized boolean hasStopped() {
    return stopped;
  }

  synchronized long calls() {
    return calls;
  }

  Engine engine(Engine target) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, args) -> call(target, method, args));
  }

  ObjectStore store(ObjectStore target) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, args) -> call(target, method, args));
  }

  private Object call(Object target, Method method, Object[] args) throws Throwable {
    if (method.getName().equals("close") || method.getName().equals("describe")) {
      return invoke(target, method, args);
    }
    boolean isLast = isChange(method, args) && countChange();
    if (hasStopped() && !(isLast && moment == Moment.AFTER)) {
      throw dead(target);
    }
    Object answer = invoke(target, method, args);
    if (isLast) {
      throw dead(target);
    }
    return answer;
  }

  private static boolean isChange(Method method, Object[] args) {
    return CHANGES.contains(method.getName())
        && !(args[0] instanceof Commit commit && commit.mutations().isEmpty());
  }

  /** Whether this is the call to stop at. */
  private synchronized boolean countChange() {
    if (stopped || ++calls < stopAt) {
      return false;
    }
    stopped = true;
    return true;
  }

  private static Exception dead(Object target) {
    return target instanceof Engine
        ? new EngineException(EngineException.Kind.FATAL, "the process has stopped", null)
        : new IOException("the process has stopped");
  }

  private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
