package io.jfs.meta.engine.kv.lmdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a disk may hold after a power loss: of each page of the data file any version that it had
 * since the last flush, of pages that are new perhaps nothing, and of the checkpoint file what was
 * flushed.
 */
final class PowerCut {
  private static final int PAGE = 4096;

  /** A machine that is not this one: it has been started anew. */
  static final Machine RESTARTED = new Machine("6e0c0f0a-restarted", 7);

  private final List<byte[]> versions = new ArrayList<>();

  /** Reads the data file as it is now: everything up to here has been flushed. */
  static PowerCut flushed(Path directory) throws IOException {
    PowerCut cut = new PowerCut();
    cut.written(directory);
    return cut;
  }

  /** Reads the data file as it is now, not flushed. */
  void written(Path directory) throws IOException {
    versions.add(Files.readAllBytes(directory.resolve("data.mdb")));
  }

  int versions() {
    return versions.size();
  }

  /** Leaves one possible disk in a directory. */
  void leave(Random random, byte[] checkpointFile, Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.deleteIfExists(directory.resolve("lock.mdb"));
    Files.write(directory.resolve("checkpoint"), checkpointFile);
    List<byte[]> chosen = new ArrayList<>(versions);
    int most = random.nextInt(4);
    while (most > 0 && chosen.size() > most + 1) { // few versions make bad mixtures likelier
      chosen.remove(random.nextInt(chosen.size()));
    }
    int length = Math.max(versions.get(0).length, chosen.get(random.nextInt(chosen.size())).length);
    byte[] disk = new byte[length];
    for (int at = 0; at < length; at += PAGE) {
      byte[] from = chosen.get(random.nextInt(chosen.size()));
      if (from.length >= at + PAGE) {
        System.arraycopy(from, at, disk, at, PAGE);
      }
    }
    Files.write(directory.resolve("data.mdb"), disk);
  }
}
