package io.jfs.fuse;

import io.jfs.fuse.proto.InHeader;
import io.jfs.meta.model.Caller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Who asks. The kernel names uid, gid and thread; supplementary groups are read from /proc when a
 * decision needs them, and remembered for a moment, because one file operation is often several
 * requests.
 */
public final class Callers {
  private static final long REMEMBER_NANOS = 100_000_000;
  private static final int MAX_REMEMBERED = 1024;
  private static final int[] NONE = {};

  private record Key(int pid, int uid, int gid) {}

  private static final class Groups {
    final int[] ids;
    final long readAtNanos;

    Groups(int[] ids, long readAtNanos) {
      this.ids = ids;
      this.readAtNanos = readAtNanos;
    }
  }

  private final ConcurrentHashMap<Key, Groups> remembered = new ConcurrentHashMap<>();
  private final Path proc;
  private final LongSupplier nanoTime;

  /** Reads groups below {@code proc}. */
  public Callers(Path proc, LongSupplier nanoTime) {
    this.proc = proc;
    this.nanoTime = nanoTime;
  }

  /** The caller of a request. */
  Caller of(ByteBuffer in) {
    return of(InHeader.uid(in), InHeader.gid(in), InHeader.pid(in));
  }

  /** A caller whose groups are those of thread {@code pid}; it has none if that is 0. */
  public Caller of(int uid, int gid, int pid) {
    return new Caller(uid, gid, pid, () -> groups(uid, gid, pid));
  }

  private int[] groups(int uid, int gid, int pid) {
    if (pid == 0) {
      return NONE;
    }
    Key key = new Key(pid, uid, gid);
    long now = nanoTime.getAsLong();
    Groups known = remembered.get(key);
    if (known == null || now - known.readAtNanos > REMEMBER_NANOS) {
      known = new Groups(read(pid), now);
      if (remembered.size() >= MAX_REMEMBERED) {
        remembered.clear();
      }
      remembered.put(key, known);
    }
    return known.ids;
  }

  /** The line "Groups:" of /proc/PID/status; none if the process is gone. */
  private int[] read(int pid) {
    try {
      Path status = proc.resolve(Integer.toString(pid)).resolve("status");
      for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("Groups:")) {
          return parse(line.substring("Groups:".length()).strip());
        }
      }
    } catch (IOException e) {
      return NONE;
    }
    return NONE;
  }

  private static int[] parse(String ids) {
    if (ids.isEmpty()) {
      return NONE;
    }
    return Arrays.stream(ids.split("\\s+")).mapToInt(Integer::parseUnsignedInt).toArray();
  }
}
