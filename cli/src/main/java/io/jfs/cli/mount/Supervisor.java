package io.jfs.cli.mount;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code scripts/jfs-supervisor} as the process that it has started to serve a mount sees it: it
 * holds the channel to the kernel, too, starts another process when this one dies, and keeps a
 * folder in which the processes leave each other word. Its files:
 *
 * <ul>
 *   <li>{@code state}: a {@link MountState}; there as long as there is a mount to be served
 *   <li>{@code handles}: the {@link io.jfs.vfs.handle.HandleLedger}
 *   <li>{@code starting}: there until the process serves
 *   <li>{@code request}, {@code request.env}: an {@link UpgradeRequest}
 *   <li>{@code outcome}: "0" or "1 reason", how that ended
 * </ul>
 *
 * <p>It says "handover" on standard input when this process is to make way for another.
 */
public final class Supervisor {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final String HAND_OVER = "handover";

  private final Path folder;
  private final int descriptor;

  Supervisor(Path folder, int descriptor) {
    this.folder = folder;
    this.descriptor = descriptor;
  }

  /** Of this process; empty if it has none. */
  public static Optional<Supervisor> ofThisProcess() {
    @Nullable String folder = System.getProperty("jfs.state");
    @Nullable Integer descriptor = Integer.getInteger("jfs.fuse.fd");
    return folder == null || descriptor == null
        ? Optional.empty()
        : Optional.of(new Supervisor(Path.of(folder), descriptor));
  }

  /** Where the processes leave each other word. */
  public Path folder() {
    return folder;
  }

  /** The channel to the kernel. */
  public int descriptor() {
    return descriptor;
  }

  /** Where open handles are kept. */
  public Path handles() {
    return folder.resolve("handles");
  }

  /**
   * What the process before this one has left; empty if this is the first.
   *
   * @throws IOException it cannot be read
   */
  public Optional<MountState> state() throws IOException {
    return MountState.readFrom(folder.resolve("state"));
  }

  /** From now on there is a mount that has to be served. */
  public void keep(MountState state) throws IOException {
    state.writeTo(folder.resolve("state"));
  }

  /** This process serves, and is not to be given up for a bad start. */
  public void ready() throws IOException {
    if (Files.exists(folder.resolve("previous"))) {
      tell("0");
    }
    Files.deleteIfExists(folder.resolve("starting"));
  }

  /** There is no mount any more: when this process ends, nobody is to go on. */
  public void unmounted() {
    try {
      Files.deleteIfExists(folder.resolve("state"));
    } catch (IOException e) {
      log.warn("the supervisor may not see that the mount is gone: {}", e.toString());
    }
  }

  /** Refuses to make way. */
  void refuse(String reason) {
    try {
      Files.deleteIfExists(folder.resolve("request"));
      tell("1 " + reason);
    } catch (IOException e) {
      log.warn("cannot tell why: {}", e.toString());
    }
  }

  /** Whether somebody still wants this process to make way. */
  boolean isAskedToMakeWay() {
    return Files.exists(folder.resolve("request"));
  }

  private void tell(String outcome) throws IOException {
    Path fresh = folder.resolve("outcome.new");
    Files.writeString(fresh, outcome + "\n", StandardCharsets.UTF_8);
    Files.move(fresh, folder.resolve("outcome"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Has {@code makeWay} run each time the supervisor asks for it. */
  public void listen(Runnable makeWay) {
    Thread thread = new Thread(() -> listenTo(makeWay), "supervisor");
    thread.setDaemon(true);
    thread.start();
  }

  private static void listenTo(Runnable makeWay) {
    try {
      // Not closed: it is the process' standard input.
      BufferedReader words =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String word = words.readLine(); word != null; word = words.readLine()) {
        if (word.equals(HAND_OVER)) {
          makeWay.run();
        }
      }
    } catch (IOException e) {
      log.warn("the supervisor is not heard any more: {}", e.toString());
    }
  }
}
