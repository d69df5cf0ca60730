package io.jfs.meta.dump;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Row;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through a tree depth first, entries by name, and shows all there is to each inode. One
 * thread visits; others read ahead: the next entries of a large directory, and the first ones of
 * directories that come soon. How much is read ahead is bounded, so memory depends on the depth of
 * the tree, not on its size.
 */
final class TreeWalk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TreeWalk.class);
  private static final int BATCH = 500;
  private static final int AHEAD_PER_THREAD = 4;

  private final Engine engine;
  private final InodeReader inodes;
  private final ExecutorService readers;
  private final Semaphore ahead;
  private final Deque<Directory> path = new ArrayDeque<>();

  TreeWalk(Engine engine, int threads) {
    this.engine = engine;
    this.inodes = new InodeReader(engine);
    this.readers = Workers.of(threads, "jfs-dump-reader");
    this.ahead = new Semaphore(threads * AHEAD_PER_THREAD);
  }

  /** Sees the tree. */
  interface Visitor {
    /** An inode that is no directory. */
    void leaf(Name name, InodeFacts facts) throws IOException;

    /** A directory; its entries follow. */
    void enter(Name name, InodeFacts facts) throws IOException;

    /** The end of the directory that was entered last and not left yet. */
    void leave() throws IOException;
  }

  private record Entry(Name name, InodeFacts facts) {
    boolean isDirectory() {
      return facts.attr().isDirectory();
    }
  }

  /** All there is to one inode; null if it is not there. */
  @Nullable InodeFacts facts(Ino ino) {
    return inodes.read(List.of(ino)).get(0);
  }

  /** Shows what lies below a directory, without itself. */
  void visit(Ino root, Visitor visitor) throws IOException {
    path.push(new Directory(root));
    while (true) {
      Directory directory = path.element();
      Entry entry = directory.next();
      if (entry == null) {
        path.pop().close();
        if (path.isEmpty()) {
          return;
        }
        visitor.leave();
      } else if (entry.isDirectory()) {
        visitor.enter(entry.name(), entry.facts());
        path.push(directory.open(entry));
      } else {
        visitor.leaf(entry.name(), entry.facts());
      }
    }
  }

  /** Ends reading ahead. */
  @Override
  public void close() {
    readers.shutdownNow();
    path.forEach(Directory::close);
  }

  /** A directory that is being visited, or will be. */
  private final class Directory implements AutoCloseable {
    private final Ino ino;
    private final DirectoryListing listing;
    private final Map<Ino, Future<Directory>> opened = new HashMap<>();
    private List<Entry> batch;
    private int at;
    private int openedTo;
    private @Nullable Future<List<Entry>> further;

    Directory(Ino ino) {
      this.ino = ino;
      this.listing = new DirectoryListing(engine, ino);
      this.batch = read();
    }

    private List<Entry> read() {
      List<Row<Name, Dentry>> rows = listing.next(BATCH);
      List<@Nullable InodeFacts> facts =
          inodes.read(rows.stream().map(row -> row.value().ino()).toList());
      List<Entry> entries = new ArrayList<>(rows.size());
      for (int i = 0; i < rows.size(); i++) {
        InodeFacts found = facts.get(i);
        if (found == null) {
          LOG.warn(
              "entry {} of directory {} leads to inode {}, which is not there: left out",
              rows.get(i).key(),
              ino,
              rows.get(i).value().ino());
        } else {
          entries.add(new Entry(rows.get(i).key(), found));
        }
      }
      return rows.isEmpty() || !entries.isEmpty() ? entries : read();
    }

    @Nullable Entry next() throws IOException {
      if (at == batch.size() && !batch.isEmpty()) {
        batch = further == null ? read() : Workers.await(further);
        further = null;
        at = 0;
        openedTo = 0;
      }
      if (batch.isEmpty()) {
        return null;
      }
      if (at == 0 && batch.size() == BATCH) {
        further = readers.submit(this::read);
      }
      return batch.get(at++);
    }

    /** Opens a subdirectory, which may have been done ahead, and has further ones opened. */
    Directory open(Entry subdirectory) throws IOException {
      Future<Directory> waiting = opened.remove(subdirectory.facts().ino());
      if (waiting != null) {
        ahead.release();
      }
      openAhead();
      return waiting == null ? new Directory(subdirectory.facts().ino()) : Workers.await(waiting);
    }

    /** Half of what may be read ahead is left to the levels below. */
    private void openAhead() {
      openedTo = Math.max(openedTo, at);
      int most = ahead.availablePermits() / 2;
      while (most > 0 && openedTo < batch.size()) {
        Entry entry = batch.get(openedTo++);
        if (entry.isDirectory() && ahead.tryAcquire()) {
          opened.put(entry.facts().ino(), readers.submit(() -> new Directory(entry.facts().ino())));
          most--;
        }
      }
    }

    @Override
    public void close() {
      listing.close();
    }
  }
}
