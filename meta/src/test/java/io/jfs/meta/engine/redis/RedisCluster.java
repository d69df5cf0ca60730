package io.jfs.meta.engine.redis;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** A real cluster of three masters. */
final class RedisCluster implements Closeable {
  private final List<RedisServer> nodes = new ArrayList<>();

  RedisCluster(String... arguments) {
    List<String> create = new ArrayList<>(List.of("redis-cli"));
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals("--requirepass")) {
        create.addAll(List.of("--no-auth-warning", "-a", arguments[i + 1]));
      }
    }
    create.addAll(List.of("--cluster", "create"));
    try {
      for (int i = 0; i < 3; i++) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
            List.of(
                "--cluster-enabled", "yes",
                "--cluster-node-timeout", "2000",
                "--cluster-port", "" + RedisServer.freePort()));
        RedisServer node = RedisServer.start(all.toArray(new String[0]));
        nodes.add(node);
        create.add("127.0.0.1:" + node.port());
      }
      create.addAll(List.of("--cluster-replicas", "0", "--cluster-yes"));
      RedisServer.run(create);
      awaitReady();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Each node learns for itself, a moment after the creation, that all slots are served. */
  private void awaitReady() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    for (RedisServer node : nodes) {
      while (!node.cli("cluster", "info").contains("cluster_state:ok")) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("cluster does not become ready");
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  List<RedisServer> nodes() {
    return nodes;
  }

  /** All nodes, as an address. */
  String url(int database) {
    String hosts =
        nodes.stream().map(n -> "127.0.0.1:" + n.port()).collect(Collectors.joining(","));
    return "redis://" + hosts + "/" + database;
  }

  /** Moves the slot of a key from the node that has it to another one, its keys with it. */
  void moveSlot(String key) {
    String slot = nodes.get(0).ask("CLUSTER KEYSLOT " + key).substring(1);
    RedisServer from = ownerOf(Integer.parseInt(slot));
    RedisServer to = nodes.get((nodes.indexOf(from) + 1) % nodes.size());
    String fromId = from.cli("cluster", "myid");
    String toId = to.cli("cluster", "myid");
    to.cli("cluster", "setslot", slot, "importing", fromId);
    from.cli("cluster", "setslot", slot, "migrating", toId);
    for (String name : from.cli("cluster", "getkeysinslot", slot, "1000").split("\n")) {
      from.cli("migrate", "127.0.0.1", "" + to.port(), name.strip(), "0", "5000");
    }
    to.cli("cluster", "setslot", slot, "node", toId);
    from.cli("cluster", "setslot", slot, "node", toId);
  }

  /** The node that serves a slot. */
  RedisServer ownerOf(int slot) {
    for (RedisServer node : nodes) {
      String self =
          node.cli("cluster", "nodes").lines().filter(l -> l.contains("myself")).findFirst().get();
      String[] fields = self.split(" ");
      for (int i = 8; i < fields.length; i++) {
        String[] range = fields[i].split("-");
        if (!fields[i].startsWith("[")
            && Integer.parseInt(range[0]) <= slot
            && slot <= Integer.parseInt(range[range.length - 1])) {
          return node;
        }
      }
    }
    throw new IllegalStateException("nobody serves slot " + slot);
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
