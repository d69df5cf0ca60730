package io.jfs.vfs.virtual;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.virtual.LogLine.Target;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Paths of inodes, for logs: remembers what operations have shown, and asks for the rest. Names
 * change: a path is one that the inode had a short while ago. Thread safe.
 */
final class PathNames {
  private static final int REMEMBERED = 10_000;

  private final Source source;

  @GuardedBy("this")
  private final Map<Ino, String> known = new LinkedHashMap<>(64, 0.75f, true);

  /** Knows where an inode is. */
  @FunctionalInterface
  interface Source {
    /** Its path from the root of the mount; null if it has none. */
    @Nullable String path(Ino ino) throws FsException;
  }

  PathNames(Source source) {
    this.source = source;
  }

  /** Remembers the names that an operation has shown, and forgets those that it has changed. */
  void learn(EndedOperation operation) {
    switch (operation.operation()) {
      case RENAME, UNLINK, RMDIR -> forgetAll();
      default -> {
        Ino answered = operation.line().answered();
        if (answered != null && !operation.line().targets().isEmpty()) {
          Target last = operation.line().targets().get(operation.line().targets().size() - 1);
          String path = last.name() == null ? null : of(last);
          if (path != null) {
            remember(answered, path);
          }
        }
      }
    }
  }

  private synchronized void forgetAll() {
    known.clear();
  }

  private synchronized void remember(Ino ino, String path) {
    known.put(ino, path);
    if (known.size() > REMEMBERED) {
      Iterator<Ino> eldest = known.keySet().iterator();
      Ino unused = eldest.next();
      eldest.remove();
    }
  }

  private synchronized @Nullable String remembered(Ino ino) {
    return known.get(ino);
  }

  /** The path of what an operation was about; null if it is not known. */
  @Nullable String of(Target target) {
    String path = of(target.ino());
    Name name = target.name();
    if (path == null || name == null) {
      return path;
    }
    return (path.equals("/") ? "/" : path + "/") + Quoting.shown(name.bytes());
  }

  private @Nullable String of(Ino ino) {
    if (ino.equals(Ino.ROOT)) {
      return "/";
    }
    if (ino.isVirtual()) {
      return null;
    }
    String path = remembered(ino);
    if (path == null) {
      path = ask(ino);
      if (path != null) {
        remember(ino, path);
      }
    }
    return path;
  }

  private @Nullable String ask(Ino ino) {
    try {
      return source.path(ino);
    } catch (FsException | RuntimeException e) {
      return null; // it is gone, or nobody can be asked: the log goes on without
    }
  }
}
