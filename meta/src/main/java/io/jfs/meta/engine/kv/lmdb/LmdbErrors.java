package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;
import org.lmdbjava.LmdbNativeException;
import org.lmdbjava.LmdbNativeException.PageCorruptedException;
import org.lmdbjava.LmdbNativeException.PageNotFoundException;
import org.lmdbjava.LmdbNativeException.PanicException;

/** Says in plain words what LMDB's result codes mean for the volume. */
final class LmdbErrors {
  private static final int EACCES = 13;
  private static final int EPERM = 1;
  private static final int EIO = 5;
  private static final int ENOSPC = 28;
  private static final int EROFS = 30;
  private static final int EDQUOT = 122;
  private static final long FULL_BELOW_BYTES = 1 << 20;

  private LmdbErrors() {}

  static EngineException translate(Path directory, LmdbException e) {
    if (e instanceof Env.FileInvalidException) {
      return failure(Kind.FATAL, directory, "data.mdb is not an LMDB database", e);
    }
    if (e instanceof Env.VersionMismatchException) {
      return failure(Kind.FATAL, directory, "data.mdb was written by another LMDB version", e);
    }
    if (e instanceof PageCorruptedException || e instanceof PageNotFoundException) {
      return failure(Kind.FATAL, directory, "data.mdb is corrupt", e);
    }
    if (e instanceof PanicException) {
      return failure(Kind.FATAL, directory, "a write failed half-way; close and open again", e);
    }
    if (e instanceof Env.MapFullException || e instanceof Dbi.DbFullException) {
      return failure(Kind.FULL, directory, "the map cannot grow any more", e);
    }
    if (e instanceof Env.ReadersFullException) {
      return failure(Kind.TRANSIENT, directory, "too many readers at once", e);
    }
    return e instanceof LmdbNativeException failed
        ? systemError(directory, failed)
        : failure(Kind.FATAL, directory, String.valueOf(e.getMessage()), e);
  }

  private static EngineException systemError(Path directory, LmdbNativeException e) {
    return switch (e.getResultCode()) {
      case ENOSPC, EDQUOT -> failure(Kind.FULL, directory, "no space left on the disk", e);
      case EROFS -> failure(Kind.READ_ONLY, directory, "read-only file system", e);
      case EACCES, EPERM -> failure(Kind.FATAL, directory, "permission denied", e);
      case EIO ->
          isFull(directory)
              ? failure(Kind.FULL, directory, "no space left on the disk", e)
              : failure(Kind.FATAL, directory, "input/output error", e);
      default -> failure(Kind.FATAL, directory, String.valueOf(e.getMessage()), e);
    };
  }

  /** What a failure of the files beside LMDB's own means. */
  static EngineException translate(Path directory, IOException e) {
    String why = String.valueOf(e.getMessage());
    Kind kind = Kind.FATAL;
    if (e instanceof AccessDeniedException || why.contains("Permission denied")) {
      why = "permission denied";
    } else if (why.contains("Read-only file system")) {
      kind = Kind.READ_ONLY;
      why = "read-only file system";
    } else if (why.contains("No space left") || why.contains("quota exceeded")) {
      kind = Kind.FULL;
      why = "no space left on the disk";
    }
    return new EngineException(kind, "lmdb://" + directory + ": " + why, e);
  }

  /** LMDB reports a write that a full disk cut short as EIO. */
  private static boolean isFull(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace() < FULL_BELOW_BYTES;
    } catch (IOException ignored) {
      return false;
    }
  }

  private static EngineException failure(Kind kind, Path directory, String what, LmdbException e) {
    return new EngineException(kind, "lmdb://" + directory + ": " + what, e);
  }
}
