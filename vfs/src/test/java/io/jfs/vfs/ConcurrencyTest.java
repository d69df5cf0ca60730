package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Ino;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many threads on one file and on many: everybody reads what he wrote. */
class ConcurrencyTest {
  private static final int SLOT = 1000;
  private static final int SLOTS = 64;

  private TestVolume volume;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
  }

  @AfterEach
  void unmount() throws Exception {
    volume.close();
    Set<String> ours = Set.of("jfs-flush", "jfs-commit", "jfs-compact");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (ours.contains(thread.getName())) {
        thread.join(5_000); // A pool counts as ended a moment before its last thread is gone.
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static void runAll(List<Callable<Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    List<Future<Void>> done = new ArrayList<>();
    tasks.forEach(task -> done.add(threads.submit(task)));
    try {
      for (Future<Void> future : done) {
        future.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void everybodyReadsWhatHeWroteToOneFile() throws Exception {
    TestVolume.Client client = volume.client();
    Created created = client.create("shared");
    Ino ino = created.entry().ino();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int thread = t;
      tasks.add(() -> writeAndReadSlots(client, ino, thread));
    }
    runAll(tasks);
    client.closeFile(ino, created.opened().handle());
  }

  private static Void writeAndReadSlots(TestVolume.Client client, Ino ino, int thread)
      throws Exception {
    Random random = new Random(thread);
    byte[][] mine = new byte[SLOTS][SLOT];
    long handle = client.open(ino, O_RDWR);
    for (int i = 0; i < 400; i++) {
      int slot = random.nextInt(SLOTS);
      long offset = ((long) slot * 8 + thread) * SLOT;
      if (random.nextInt(3) > 0) {
        random.nextBytes(mine[slot]);
        client.write(ino, handle, offset, mine[slot]);
      }
      byte[] read = client.read(ino, handle, offset, SLOT);
      assertThat(Arrays.copyOf(read, SLOT)).isEqualTo(mine[slot]);
      if (i % 50 == 49) {
        client.closeFile(ino, handle);
        handle = client.open(ino, O_RDWR);
      }
    }
    client.closeFile(ino, handle);
    return null;
  }

  /** Memory for a few blocks only, and many files open at once: writers wait, nobody for ever. */
  @Test
  void manyWritersShareLittleMemory() throws Exception {
    TestVolume.Client client = volume.client(16 * TestVolume.BLOCK);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      int thread = t;
      tasks.add(() -> writeFiles(client, thread));
    }
    runAll(tasks);
  }

  private static Void writeFiles(TestVolume.Client client, int thread) throws Exception {
    Random random = new Random(thread);
    List<Created> files = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    for (int f = 0; f < 12; f++) {
      files.add(client.create("file-" + thread + "-" + f));
      byte[] content = new byte[1 + random.nextInt(3 * TestVolume.BLOCK)];
      random.nextBytes(content);
      contents.add(content);
    }
    for (int at = 0; at < 3 * TestVolume.BLOCK; at += 10_000) {
      for (int f = 0; f < files.size(); f++) {
        int end = Math.min(contents.get(f).length, at + 10_000);
        if (at < end) {
          Created file = files.get(f);
          byte[] part = Arrays.copyOfRange(contents.get(f), at, end);
          client.write(file.entry().ino(), file.opened().handle(), at, part);
        }
      }
    }
    for (int f = 0; f < files.size(); f++) {
      Ino ino = files.get(f).entry().ino();
      long handle = files.get(f).opened().handle();
      assertThat(client.read(ino, handle, 0, 4 * TestVolume.BLOCK)).isEqualTo(contents.get(f));
      client.closeFile(ino, handle);
    }
    return null;
  }

  /** Truncating, growing and reading at once never shows bytes that were never there. */
  @Test
  void truncatesAndReadsAtOnceShowOldOrNew() throws Exception {
    TestVolume.Client client = volume.client();
    Created created = client.create("cut");
    Ino ino = created.entry().ino();
    long end = System.nanoTime() + 1_500_000_000L;
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          long handle = client.open(ino, O_RDWR);
          byte[] data = new byte[5000];
          Arrays.fill(data, (byte) 7);
          Random random = new Random(1);
          while (System.nanoTime() < end) {
            client.write(ino, handle, random.nextInt(100_000), data);
            AttrChange cut =
                new AttrChange(
                    null,
                    null,
                    null,
                    (long) random.nextInt(100_000),
                    null,
                    null,
                    false,
                    false,
                    false);
            client.vfs.setAttr(TestVolume.ROOT, ino, handle, cut);
          }
          client.closeFile(ino, handle);
          return null;
        });
    for (int t = 0; t < 3; t++) {
      tasks.add(
          () -> {
            long handle = client.open(ino, 0);
            while (System.nanoTime() < end) {
              for (byte b : client.read(ino, handle, 0, 100_000)) {
                assertThat(b == 0 || b == 7).isTrue();
              }
              client.vfs.getAttr(TestVolume.ROOT, ino, handle);
            }
            client.closeFile(ino, handle);
            return null;
          });
    }
    runAll(tasks);
    client.closeFile(ino, created.opened().handle());
  }

  /** Two clients append under a lock to one file, and both read all of it. */
  @Test
  void twoClientsTakeTurns() throws Exception {
    TestVolume.Client one = volume.client();
    TestVolume.Client two = volume.client();
    Created created = one.create("log");
    Ino ino = created.entry().ino();
    one.closeFile(ino, created.opened().handle());
    List<Callable<Void>> tasks = new ArrayList<>();
    for (TestVolume.Client client : List.of(one, two)) {
      tasks.add(
          () -> {
            for (int i = 0; i < 60; i++) {
              long handle = client.open(ino, O_RDWR);
              client.vfs.flock(TestVolume.ROOT, ino, handle, 1, FileRangeLock.Type.WRITE, true);
              long fresh = client.open(ino, O_RDWR);
              long length = client.vfs.getAttr(TestVolume.ROOT, ino, fresh).lengthBytes();
              byte[] seen = client.read(ino, fresh, 0, 1 << 16);
              assertThat(seen).hasSize((int) length);
              for (int b = 0; b < seen.length; b++) {
                assertThat(seen[b]).isEqualTo((byte) (b / 10));
              }
              byte[] line = new byte[10];
              Arrays.fill(line, (byte) (length / 10));
              client.write(ino, fresh, length, line);
              client.closeFile(ino, fresh);
              client.vfs.flush(TestVolume.ROOT, ino, handle, 1);
              client.vfs.release(TestVolume.ROOT, ino, handle, 1);
            }
            return null;
          });
    }
    runAll(tasks);
    long handle = one.open(ino, 0);
    assertThat(one.read(ino, handle, 0, 1 << 16)).hasSize(1200);
    one.closeFile(ino, handle);
  }
}
