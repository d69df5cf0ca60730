package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
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
  private volatile long mapBytes;

  /** Opens a directory that exists; makes the database in it if there is none. */
  Environment(Path directory, Durability durability, long initialMapBytes) {
    this.directory = directory;
    try {
      this.env = open(directory, durability, initialMapBytes);
      this.dbi = env.openDbi((byte[]) null, new DbiFlags[0]);
      env.readerCheck();
      this.mapBytes = env.info().mapSize;
      fillTruncatedFile();
    } catch (LmdbException e) {
      throw LmdbErrors.translate(directory, e);
    }
  }

  private static Env<NativeBytes> open(Path directory, Durability durability, long mapBytes) {
    return Env.create(NativeBytesProxy.INSTANCE)
        .setMapSize(mapBytes)
        .setMaxReaders(MAX_READERS)
        .open(directory.toFile(), FILE_MODE, durability.flags());
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
   * not fit. Only one thread at a time may call this.
   */
  void write(WriteBody body) {
    while (true) {
      try {
        writeNow(body);
        return;
      } catch (Env.MapFullException e) {
        grow();
      } catch (Dbi.MapResizedException e) {
        adoptMapSize();
      } catch (LmdbException e) {
        throw LmdbErrors.translate(directory, e);
      }
    }
  }

  /** What is done in a write transaction; may run more than once. */
  interface WriteBody {
    /** Returns whether there is anything to commit. */
    boolean apply(TxnView view);
  }

  private void writeNow(WriteBody body) {
    gate.readLock().lock();
    try (TxnView view = new TxnView(dbi, env.txnWrite())) {
      if (body.apply(view)) {
        view.txn().commit();
      }
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

  /** Removes every key. Only one thread at a time may write. */
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
