package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open LMDB directory: transactions, and a map that grows. Growing needs a moment without any
 * transaction in this process; {@code gate} is held shared by every transaction for that.
 */
final class Environment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Environment.class);
  private static final int FILE_MODE = 0600;
  private static final int MAX_READERS = 2048;

  private final Path directory;
  private final Env<NativeBytes> env;
  private final Dbi<NativeBytes> dbi;
  private final ReadWriteLock gate = new ReentrantReadWriteLock();
  private final ConcurrentLinkedDeque<TxnView> idleReaders = new ConcurrentLinkedDeque<>();
  private final ReentrantLock writer = new ReentrantLock();
  private volatile long mapBytes;
  private volatile WriteGuard guard = WriteGuard.NONE;

  /** Opens a directory that exists; makes the database in it if there is none. */
  Environment(Path directory, EnvFlags[] flags, long initialMapBytes) {
    this.directory = directory;
    try {
      this.env = open(directory, flags, initialMapBytes);
      this.dbi = env.openDbi((byte[]) null, new DbiFlags[0]);
      env.readerCheck();
      this.mapBytes = env.info().mapSize;
      fillTruncatedFile();
    } catch (LmdbException e) {
      throw LmdbErrors.translate(directory, e);
    }
  }

  private static Env<NativeBytes> open(Path directory, EnvFlags[] flags, long mapBytes) {
    return Env.create(NativeBytesProxy.INSTANCE)
        .setMapSize(mapBytes)
        .setMaxReaders(MAX_READERS)
        .open(directory.toFile(), FILE_MODE, flags);
  }

  /**
   * Makes the file as long as the database says it is. Of a file that was cut, the missing pages
   * then read as zeros, which LMDB reports as corrupt, instead of ending the process with SIGBUS.
   */
  private void fillTruncatedFile() {
    Path data = directory.resolve("data.mdb");
    Txn<NativeBytes> writerLock = env.txnWrite(); // against other processes
    try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
      long needed = (env.info().lastPageNumber + 1) * env.stat().pageSize;
      if (file.length() < needed) {
        file.setLength(needed);
      }
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FATAL, "lmdb://" + directory + ": " + e.getMessage(), e);
    } finally {
      writerLock.close();
    }
  }

  /** What stands around every write transaction. */
  interface WriteGuard {
    /** Nothing does. */
    WriteGuard NONE =
        new WriteGuard() {
          @Override
          public void beforeWrite() {}

          @Override
          public void committed() {}

          @Override
          public boolean makeRoom() {
            return false;
          }
        };

    void beforeWrite();

    void committed();

    /** Whether a write that found the disk full may find room now. */
    boolean makeRoom();
  }

  void guardWith(WriteGuard newGuard) {
    guard = newGuard;
  }

  /** Held by the one thread of this process that writes. */
  ReentrantLock writerLock() {
    return writer;
  }

  /** Runs a body on the store as it is at one moment. */
  <R> R read(Function<TxnView, R> body) {
    while (true) {
      gate.readLock().lock();
      try {
        return readNow(body);
      } catch (Dbi.MapResizedException e) {
        LOG.debug("{}: another process has grown the map", directory);
      } catch (LmdbException e) {
        throw LmdbErrors.translate(directory, e);
      } finally {
        gate.readLock().unlock();
      }
      adoptMapSize();
    }
  }

  private <R> R readNow(Function<TxnView, R> body) {
    TxnView reader = idleReaders.pollFirst();
    boolean reusable = false;
    try {
      if (reader == null) {
        reader = new TxnView(dbi, env.txnRead());
      } else {
        reader.txn().renew();
      }
      R result = body.apply(reader);
      reader.txn().reset();
      reusable = true;
      return result;
    } finally {
      if (reusable) {
        idleReaders.addFirst(reader);
      } else if (reader != null) {
        reader.close();
      }
    }
  }

  /**
   * Runs a body in a write transaction and commits it; grows the map and runs it again when it does
   * not fit. For the holder of the writer lock.
   */
  void write(WriteBody body) {
    boolean roomMade = false;
    while (true) {
      guard.beforeWrite();
      try {
        if (writeNow(body)) {
          guard.committed();
        }
        return;
      } catch (Env.MapFullException e) {
        grow();
      } catch (Dbi.MapResizedException e) {
        adoptMapSize();
      } catch (LmdbException e) {
        EngineException failure = LmdbErrors.translate(directory, e);
        if (failure.kind() != EngineException.Kind.FULL || roomMade || !guard.makeRoom()) {
          throw failure;
        }
        roomMade = true;
      }
    }
  }

  /** What is done in a write transaction; may run more than once. */
  interface WriteBody {
    /** Returns whether there is anything to commit. */
    boolean apply(TxnView view);
  }

  private boolean writeNow(WriteBody body) {
    gate.readLock().lock();
    try (TxnView view = new TxnView(dbi, env.txnWrite())) {
      boolean written = body.apply(view);
      if (written) {
        view.txn().commit();
      }
      return written;
    } finally {
      gate.readLock().unlock();
    }
  }

  private void grow() {
    env.readerCheck(); // a reader that was killed keeps pages from being used again
    resize(Math.max(mapBytes, env.info().mapSize) * 2);
    LOG.info("{}: map grown to {} MiB", directory, mapBytes >> 20);
  }

  private void adoptMapSize() {
    resize(0);
  }

  private void resize(long bytes) {
    gate.writeLock().lock();
    try {
      env.setMapSize(bytes);
      mapBytes = env.info().mapSize;
    } catch (LmdbException e) {
      throw LmdbErrors.translate(directory, e);
    } finally {
      gate.writeLock().unlock();
    }
  }

  /**
   * Keeps the newest snapshot: no page of it, or of a later one, is written over before the pin is
   * closed.
   */
  Pin pin() {
    while (true) {
      gate.readLock().lock();
      try {
        return new Pin(env.txnRead());
      } catch (Dbi.MapResizedException e) {
        LOG.debug("{}: another process has grown the map", directory);
      } catch (LmdbException e) {
        throw LmdbErrors.translate(directory, e);
      } finally {
        gate.readLock().unlock();
      }
      adoptMapSize();
    }
  }

  /**
   * Pins the newest snapshot while nobody, in no process, writes.
   *
   * @param whilePinned runs with the pin before anybody writes again
   */
  <R> R pinWithoutWriters(PinnedBody<R> whilePinned) throws IOException {
    while (true) {
      gate.readLock().lock();
      Txn<NativeBytes> writers = null;
      try {
        writers = env.txnWrite();
        return whilePinned.apply(new Pin(env.txnRead()));
      } catch (Dbi.MapResizedException e) {
        LOG.debug("{}: another process has grown the map", directory);
      } catch (LmdbException e) {
        throw LmdbErrors.translate(directory, e);
      } finally {
        if (writers != null) {
          writers.close();
        }
        gate.readLock().unlock();
      }
      adoptMapSize();
    }
  }

  /** What is done while nobody writes. */
  interface PinnedBody<R> {
    R apply(Pin pin) throws IOException;
  }

  /**
   * A read transaction that reads nothing. It may therefore stay open while the map grows.
   *
   * @param txn its own
   */
  record Pin(Txn<NativeBytes> txn) implements AutoCloseable {
    /** The transaction that made the snapshot. */
    long txnId() {
      return txn.getId();
    }

    @Override
    public void close() {
      txn.close();
    }
  }

  /** The newest transaction. */
  long lastTxnId() {
    gate.readLock().lock();
    try {
      return env.info().lastTransactionId;
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Removes every key. For the holder of the writer lock. */
  void clear() {
    write(
        view -> {
          dbi.drop(view.txn(), false);
          return true;
        });
  }

  /** Flushes everything written so far to the disk. */
  void flush() {
    try {
      env.sync(true);
    } catch (LmdbException e) {
      throw LmdbErrors.translate(directory, e);
    }
  }

  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      idleReaders.forEach(TxnView::close);
      idleReaders.clear();
      env.close();
    } finally {
      gate.writeLock().unlock();
    }
  }
}
