package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.kv.tikv.FakeCluster;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.txn.Engine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * What operations cost on TiKV: requests to its stores and drivers, where one region holds the
 * volume. The kernel looks a name up before it asks to change it; that is part of the cost.
 */
@Timeout(60)
class TikvRoundTripsTest {
  private static final int TIMES = 20;
  private static final Caller USER = Caller.ROOT;

  private interface Operation {
    void run(int i) throws FsException;
  }

  private final FakeCluster cluster = new FakeCluster();
  private TestVolume volume;
  private VolumeMeta fs;

  @BeforeEach
  void mount() throws Exception {
    volume = TestVolume.withoutTrash(this::open);
    fs = volume.mount().meta();
    directory("warm");
    remove("warm");
  }

  private Engine open() {
    return Engines.open(cluster.url("trips"), Map.of());
  }

  @AfterEach
  void unmount() {
    volume.close();
    cluster.close();
  }

  private void directory(String name) throws FsException {
    assertThat(fs.lookup(USER, Ino.ROOT, Name.of(name))).isNull();
    fs.create(USER, Ino.ROOT, Name.of(name), NewInode.directory(0755, 0));
  }

  private void file(String name) throws FsException {
    assertThat(fs.lookup(USER, Ino.ROOT, Name.of(name))).isNull();
    fs.create(USER, Ino.ROOT, Name.of(name), NewInode.file(0644, 0));
  }

  private void remove(String name) throws FsException {
    assertThat(fs.lookup(USER, Ino.ROOT, Name.of(name))).isNotNull();
    fs.rmdir(USER, Ino.ROOT, Name.of(name));
  }

  private Ino ino(String name) throws FsException {
    return fs.lookup(USER, Ino.ROOT, Name.of(name)).ino();
  }

  /** Requests per operation; those that come once in a while are not counted. */
  private String cost(Operation operation) throws FsException {
    Map<String, Long> before = cluster.requests();
    for (int i = 0; i < TIMES; i++) {
      operation.run(i);
    }
    StringBuilder cost = new StringBuilder();
    new TreeMap<>(cluster.requests())
        .forEach(
            (name, count) -> {
              long each = Math.round((count - before.getOrDefault(name, 0L)) / (double) TIMES);
              if (each > 0) {
                cost.append(cost.isEmpty() ? "" : " ").append(name).append(' ').append(each);
              }
            });
    return cost.toString();
  }

  /** Often, because one client's commits that ran ahead of the clock were missed now and then. */
  @RepeatedTest(20)
  void everyOperationTakesTheFewestRequests() throws Exception {
    Map<String, String> table = new TreeMap<>();
    table.put("create", cost(i -> file("f" + i)));
    table.put("mkdir", cost(i -> directory("d" + i)));
    table.put("lookup", cost(i -> ino("f" + i)));
    table.put("chmod", cost(i -> chmod("f" + i)));
    table.put("link", cost(i -> link("f" + i, "l" + i)));
    table.put("unlink", cost(i -> unlink("l" + i)));
    table.put("unlink last", cost(i -> unlink("f" + i)));
    table.put("rename", cost(i -> rename("d" + i, "e" + i)));
    for (int i = 0; i < TIMES; i++) {
      directory("g" + i);
    }
    table.put("rename over a directory", cost(i -> rename("e" + i, "g" + i)));
    table.put("rmdir", cost(i -> remove("g" + i)));
    Map<String, String> expected = new TreeMap<>();
    for (String lookUpAndCommit : List.of("create", "mkdir", "chmod")) {
      expected.put(lookUpAndCommit, "KvBatchGet 1 KvPrewrite 1 Tso 1");
    }
    expected.put("lookup", "KvBatchGet 1 Tso 1");
    expected.put("link", "KvBatchGet 2 KvPrewrite 1 Tso 2");
    expected.put("rename", "KvBatchGet 2 KvPrewrite 1 Tso 2");
    expected.put("unlink", "KvBatchGet 2 KvPrewrite 1 Tso 2"); // and how many links a parent has
    expected.put("unlink last", "KvBatchGet 1 KvPrewrite 1 KvScan 2 Tso 1"); // both scans at once
    expected.put("rmdir", "KvBatchGet 1 KvPrewrite 1 KvScan 2 Tso 2"); // both scans at once
    expected.put("rename over a directory", "KvBatchGet 2 KvPrewrite 1 KvScan 2 Tso 3");
    assertThat(table).isEqualTo(expected);
  }

  private void chmod(String name) throws FsException {
    fs.setAttr(
        USER, ino(name), new AttrUpdate(0600, null, null, null, null, false, false, null, false));
  }

  private void link(String from, String to) throws FsException {
    Ino ino = ino(from);
    assertThat(fs.lookup(USER, Ino.ROOT, Name.of(to))).isNull();
    fs.link(USER, ino, Ino.ROOT, Name.of(to));
  }

  private void unlink(String name) throws FsException {
    assertThat(ino(name)).isNotNull();
    fs.unlink(USER, Ino.ROOT, Name.of(name));
  }

  private void rename(String from, String to) throws FsException {
    assertThat(ino(from)).isNotNull();
    fs.lookup(USER, Ino.ROOT, Name.of(to));
    fs.rename(USER, Ino.ROOT, Name.of(from), Ino.ROOT, Name.of(to), 0);
  }
}
