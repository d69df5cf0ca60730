package io.jfs.cli;

import java.nio.file.Path;

/** Where things go when the user does not say: under /var for root, else in his home. */
public final class UserFolders {
  private UserFolders() {}

  /** Data of {@code file} stores. */
  public static Path data() {
    return isRoot() ? Path.of("/var/jfs") : home().resolve("local");
  }

  /** Cached blocks. */
  public static Path cache() {
    return isRoot() ? Path.of("/var/jfsCache") : home().resolve("cache");
  }

  /** Log of mounts in the background. */
  public static Path logFile() {
    return isRoot() ? Path.of("/var/log/jfs.log") : home().resolve("jfs.log");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static Path home() {
    String home = System.getenv("HOME");
    return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home)
        .resolve(".juicefs");
  }
}
