package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A file system that is really mounted for a test. Only child processes touch the mount: this JVM
 * serves it, and would wait for itself.
 */
final class Mounted implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Starts a front end. */
  interface Starter {
    FrontEnd mount(VfsOps ops, MountOptions options, Path directory) throws IOException;
  }

  final Path directory;
  final FrontEnd frontEnd;

  private Mounted(Path directory, FrontEnd frontEnd) {
    this.directory = directory;
    this.frontEnd = frontEnd;
  }

  static Mounted of(VfsOps ops) throws IOException {
    return of(ops, "");
  }

  static Mounted of(VfsOps ops, String words) throws IOException {
    return of(FuseServer::mount, ops, words);
  }

  /** With the kernel's front end; {@code trace} is told of every operation after its reply. */
  static Mounted of(VfsOps ops, String words, Consumer<Operation> trace) throws IOException {
    return of((o, m, d) -> FuseServer.mount(o, m, d, trace), ops, words);
  }

  static Mounted of(Starter starter, VfsOps ops, String words) throws IOException {
    assumeMountable();
    Path directory = Files.createTempDirectory("jfs-fuse-test").toRealPath();
    MountOptions options = MountOptions.of("test").parse(words);
    return new Mounted(directory, starter.mount(ops, options, directory));
  }

  static void assumeMountable() {
    assumeTrue(
        Files.isReadable(Path.of("/dev/fuse")) && Files.isWritable(Path.of("/dev/fuse")),
        "/dev/fuse cannot be opened");
  }

  /** Runs a shell script in the mount; its standard output. Fails unless it exits with 0. */
  String sh(String script) {
    return succeed("sh", "-c", "cd " + directory + " && { " + script + "\n}");
  }

  /** Runs a Python program in the mount; its standard output. Fails unless it exits with 0. */
  String python(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of("python3", "-c", inMount(program)));
    command.addAll(List.of(arguments));
    return succeed(command.toArray(String[]::new));
  }

  /** Starts a Python program in the mount. */
  Process startPython(String program) throws IOException {
    return new ProcessBuilder("python3", "-u", "-c", inMount(program))
        .redirectErrorStream(true)
        .start();
  }

  private String inMount(String program) {
    return "import os, sys, errno, fcntl, time, signal, threading, ctypes, struct, stat\n"
        + "os.chdir('"
        + directory
        + "')\n"
        + program;
  }

  /** Waits for a child to exit with 0; what it printed. */
  static String finish(Process child) throws IOException, InterruptedException {
    if (!child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      child.destroyForcibly();
      throw new AssertionError("the child did not end: " + child.info());
    }
    String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.exitValue()).as(printed).isZero();
    return printed.strip();
  }

  private static String succeed(String... command) {
    try {
      Path output = Files.createTempFile("jfs-fuse-test", ".out");
      try {
        Process child =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        child.destroyForcibly();
        String printed = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
        assertThat(ended).as("ended in time: %s", printed).isTrue();
        assertThat(child.exitValue()).as(printed).isZero();
        return printed;
      } finally {
        Files.delete(output);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      frontEnd.close();
      assertThat(frontEnd.awaitUnmount(Duration.ofSeconds(10))).as("served to the end").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      Files.deleteIfExists(directory);
    }
  }
}
