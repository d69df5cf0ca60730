package io.jfs.cli.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A script of file system calls, each with what it must have brought about when it returned. */
final class Work {
  private final List<Step> steps = new ArrayList<>();
  private final Random random = new Random(5);

  /** Done through a client. */
  interface Doing {
    void run(Client client) throws Exception;
  }

  /** What it changes. */
  interface Effect {
    void on(Expected expected);
  }

  /** Whether a step that was broken off happened wholly or not at all. */
  enum Grain {
    ATOMIC,
    /** It may have happened to a part of a tree. */
    PIECEMEAL
  }

  /** One call. */
  record Step(Doing doing, Effect effect, Grain grain) {}

  /** All of them. */
  static List<Step> script() {
    Work work = new Work();
    work.files();
    work.namesAndTrees();
    work.contentWithoutWriting();
    return work.steps;
  }

  private void step(Doing doing, Effect effect) {
    steps.add(new Step(doing, effect, Grain.ATOMIC));
  }

  /** Nothing that anybody sees. */
  private void quietly(Doing doing) {
    step(doing, expected -> {});
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void mkdir(String path) {
    step(client -> client.mkdir(path), expected -> expected.directory(path));
  }

  private void create(String path) {
    step(client -> client.create(path), expected -> expected.file(path));
  }

  private void write(String path, int offset, int length) {
    byte[] data = bytes(length);
    step(
        client -> client.write(path, offset, data), expected -> expected.write(path, offset, data));
  }

  private void fsync(String path) {
    step(client -> client.fsync(path), expected -> expected.durable(path));
  }

  private void close(String path) {
    step(client -> client.close(path), expected -> expected.durable(path));
  }

  private void file(String path, int length) {
    create(path);
    write(path, 0, length);
    close(path);
  }

  private void rename(String from, String to) {
    step(client -> client.rename(from, to), expected -> expected.rename(from, to));
  }

  private void unlink(String path) {
    step(client -> client.unlink(path), expected -> expected.remove(path));
    quietly(Client::settle);
  }

  private void files() {
    mkdir("/d");
    create("/d/log");
    for (int i = 0; i < 3; i++) {
      write("/d/log", i * 100, 100);
      fsync("/d/log");
    }
    create("/big");
    write("/big", 0, 3 * Client.BLOCK + 777);
    fsync("/big");
    write("/big", Client.BLOCK - 50, 100);
    write("/big", 3 * Client.BLOCK, Client.BLOCK);
    fsync("/big");
    write("/d/log", 50, 400);
    close("/big");
    close("/d/log");
  }

  private void namesAndTrees() {
    file("/new", 5000);
    rename("/new", "/d/log"); // replaces a file whose data goes
    quietly(Client::settle);
    step(client -> client.link("/d/log", "/hard"), expected -> expected.link("/d/log", "/hard"));
    unlink("/d/log");
    rename("/hard", "/d/back");
    mkdir("/d/e");
    file("/d/e/small", 10);
    step(client -> client.cloneTree("/d", "/copy"), expected -> expected.cloned("/d", "/copy"));
    quietly(Client::settle);
    unlink("/d/e/small");
    step(client -> client.rmdir("/d/e"), expected -> expected.remove("/d/e"));
    steps.add(
        new Step(
            client -> client.removeTree("/copy"),
            expected -> expected.remove("/copy"),
            Grain.PIECEMEAL));
    quietly(Client::settle);
    create("/open");
    write("/open", 0, 2000);
    fsync("/open");
    unlink("/open");
    quietly(client -> client.write("/open", 2000, new byte[300]));
    quietly(client -> client.close("/open"));
    quietly(Client::settle);
    quietly(client -> client.job("directory statistics"));
  }

  private void contentWithoutWriting() {
    create("/f");
    for (int i = 0; i < 6; i++) {
      write("/f", i * 700, 1500);
      fsync("/f");
    }
    step(client -> client.compact("/f"), expected -> {});
    quietly(Client::settle);
    create("/g");
    step(
        client -> client.copy("/f", "/g", 5000),
        expected -> expected.change("/g", expected.bytes("/f")));
    step(
        client -> client.punch("/f", 1000, 2000),
        expected -> {
          byte[] bytes = expected.bytes("/f").clone();
          Arrays.fill(bytes, 1000, 3000, (byte) 0);
          expected.change("/f", bytes);
        });
    close("/f");
    close("/g");
    step(
        client -> client.truncate("/f", 1234),
        expected -> expected.change("/f", Arrays.copyOf(expected.bytes("/f"), 1234)));
    step(
        client -> client.truncate("/f", 4000),
        expected -> expected.change("/f", Arrays.copyOf(expected.bytes("/f"), 4000)));
    unlink("/f");
    step(client -> client.open("/g"), expected -> {});
    write("/g", 100, 100);
    close("/g");
  }
}
