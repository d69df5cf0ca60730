package io.jfs.meta.engine.kv.lmdb;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place for an LMDB database, opened once per process however many clients it has here: LMDB
 * allows no more. The database is made by the first write.
 */
final class Directory implements AutoCloseable {
  private static final String DEFAULT_MAP_SIZE = "1G";
  private static final String DEFAULT_INTERVAL = "1s";
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(ms|s|m)");
  private static final Object REGISTRY = new Object();

  @GuardedBy("REGISTRY")
  private static final Map<Path, Directory> OPEN = new HashMap<>();

  private final Path path;
  private final Durability durability;
  private final Duration interval;
  private final long initialMapBytes;
  private volatile @Nullable Store store;

  @GuardedBy("REGISTRY")
  private int users;

  private Directory(Path path, Durability durability, Duration interval, long initialMapBytes) {
    this.path = path;
    this.durability = durability;
    this.interval = interval;
    this.initialMapBytes = initialMapBytes;
  }

  static Directory open(MetaUrl url) {
    if (url.place().isEmpty()) {
      throw url.invalid("the path of a directory is missing");
    }
    Path path = resolve(Path.of(url.place()).toAbsolutePath().normalize());
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw url.invalid("not a directory");
    }
    Durability durability = Durability.of(url);
    Duration interval = duration(url, url.option("checkpoint-interval", DEFAULT_INTERVAL));
    long mapBytes = sizeBytes(url, url.option("map-size", DEFAULT_MAP_SIZE));
    synchronized (REGISTRY) {
      Directory known = OPEN.get(path);
      if (known != null && known.durability != durability) {
        throw url.invalid("already open in this process with another durability");
      }
      Directory directory =
          known == null ? new Directory(path, durability, interval, mapBytes) : known;
      directory.openIfThere();
      directory.users++;
      OPEN.put(path, directory);
      return directory;
    }
  }

  private static Path resolve(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  private static long sizeBytes(MetaUrl url, String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    int unit = upper.isEmpty() ? -1 : "KMGT".indexOf(upper.charAt(upper.length() - 1));
    try {
      long number = Long.parseLong(unit < 0 ? upper : upper.substring(0, upper.length() - 1));
      if (number > 0) {
        return Math.multiplyExact(number, unit < 0 ? 1L : 1L << (10 * (unit + 1)));
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw url.invalid("map-size is a number with K, M, G or T, not " + text);
    }
    throw url.invalid("map-size is a number with K, M, G or T, not " + text);
  }

  private static Duration duration(MetaUrl url, String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw url.invalid("checkpoint-interval is a number with ms, s or m, not " + text);
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  String describe() {
    return "lmdb://" + path;
  }

  /** The database; null while nobody has made it. */
  @Nullable Store store() {
    Store opened = store;
    if (opened == null && Files.exists(path.resolve("data.mdb"))) {
      opened = openStore();
    }
    return opened;
  }

  private void openIfThere() {
    if (store() == null && !Files.isWritable(existingParent())) {
      throw new EngineException(
          EngineException.Kind.FATAL, describe() + ": permission denied", null);
    }
  }

  private Path existingParent() {
    Path place = path;
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    return place;
  }

  /** The database, made if there is none. */
  Store storeForWriting() {
    Store opened = store;
    if (opened != null) {
      return opened;
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FATAL, describe() + ": cannot be made: " + e.getMessage(), e);
    }
    return openStore();
  }

  private synchronized Store openStore() {
    Store opened = store;
    if (opened == null) {
      opened = new Opening(path, durability, interval, initialMapBytes, Machine.of(path)).open();
      store = opened;
    }
    return opened;
  }

  /** Gives up one use; the last one closes the database. */
  @Override
  public void close() {
    synchronized (REGISTRY) {
      users--;
      if (users > 0) {
        return;
      }
      OPEN.remove(path, this);
      Store opened = store;
      if (opened != null) {
        opened.close(); // before anybody here opens it anew: LMDB's locks belong to the process
      }
    }
  }
}
