package io.jfs.vfs;

import io.jfs.meta.Meta;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Counts the calls of a volume, lets some of them fail, and holds some up. */
final class MetaProbe {
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Map<String, Exception> failures = new ConcurrentHashMap<>();
  private final Map<String, Semaphore> gates = new ConcurrentHashMap<>();
  private final Meta meta;

  MetaProbe(Meta target) {
    meta =
        (Meta)
            Proxy.newProxyInstance(
                Meta.class.getClassLoader(),
                new Class<?>[] {Meta.class},
                (proxy, method, args) -> {
                  String name = method.getName();
                  calls.merge(name, 1, Integer::sum);
                  Semaphore gate = gates.get(name);
                  if (gate != null) {
                    gate.acquire();
                  }
                  Exception failure = failures.get(name);
                  if (failure != null) {
                    throw failure;
                  }
                  try {
                    return method.invoke(target, args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  Meta meta() {
    return meta;
  }

  int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  /** Calls of a method fail from now on; null: no longer. */
  void fail(String method, Exception failure) {
    if (failure == null) {
      failures.remove(method);
    } else {
      failures.put(method, failure);
    }
  }

  /** Calls of a method wait until the answer hands out permits. */
  Semaphore hold(String method) {
    return gates.computeIfAbsent(method, key -> new Semaphore(0));
  }
}
