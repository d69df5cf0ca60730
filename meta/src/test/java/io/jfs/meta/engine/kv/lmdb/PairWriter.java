package io.jfs.meta.engine.kv.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvWrite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that commits without end: its n-th commit sets two keys at both ends of the database to
 * n, and one of many between them to a value made of n. From its keys alone it can be told whether
 * they are exactly those of one moment.
 */
final class PairWriter {
  private static final int SLOTS = 300;

  private final String name;
  private final Process process;
  private volatile long acknowledged;

  private PairWriter(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader out =
                  new BufferedReader(
                      new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                  acknowledged = Long.parseLong(line);
                }
              } catch (IOException | NumberFormatException e) {
                // killed in the middle of a line
              }
            });
    reader.setDaemon(true);
    reader.start();
  }

  static PairWriter start(String url, String name) throws Exception {
    return new PairWriter(name, LmdbChild.startClass(PairWriter.class, url, name));
  }

  /** {@code URL NAME}. */
  public static void main(String[] args) {
    LmdbKv kv = LmdbKv.open(MetaUrl.parse(args[0]));
    for (long n = 1; ; n++) {
      kv.commit(
          List.of(),
          List.of(
              new KvWrite.Put(bytes("a" + args[1]), number(n)),
              new KvWrite.Put(bytes(slot(args[1], n)), value(n)),
              new KvWrite.Put(bytes("z" + args[1]), number(n))));
      System.out.println(n);
      System.out.flush();
      LockSupport.parkNanos(500_000); // the file is copied again and again: it stays small
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String slot(String name, long n) {
    return "m" + n % SLOTS + name;
  }

  private static byte[] number(long n) {
    return ByteBuffer.allocate(Long.BYTES).putLong(n).array();
  }

  private static byte[] value(long n) {
    Random random = new Random(n);
    byte[] value = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 9000 : 300)];
    random.nextBytes(value);
    return value;
  }

  String name() {
    return name;
  }

  /** Newest commit whose success was reported. */
  long acknowledged() {
    return acknowledged;
  }

  /** Checks that a writer's keys are those of one moment, and says after how many commits. */
  static long checkMoment(TreeMap<String, byte[]> content, String name) {
    byte[] first = content.get("a" + name);
    byte[] last = content.get("z" + name);
    assertThat(last).isEqualTo(first);
    long n = first == null ? 0 : ByteBuffer.wrap(first).getLong();
    for (long i = n; i > Math.max(0, n - SLOTS); i--) {
      assertThat(content.get(slot(name, i))).as("commit %s of %s", i, n).isEqualTo(value(i));
    }
    long slots =
        content.keySet().stream().filter(k -> k.startsWith("m") && k.endsWith(name)).count();
    assertThat(slots).isEqualTo(Math.min(n, SLOTS));
    return n;
  }

  /** Stops it where it is; returns when it stands still. */
  void freeze() throws Exception {
    signal("STOP");
    Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    try (var threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        String stat = Files.readString(thread.resolve("stat"));
        while (!stat.substring(stat.lastIndexOf(')') + 2).startsWith("T")) {
          Thread.onSpinWait();
          stat = Files.readString(thread.resolve("stat"));
        }
      }
    }
  }

  void goOn() throws Exception {
    signal("CONT");
  }

  private void signal(String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  void kill() throws Exception {
    process.toHandle().destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
