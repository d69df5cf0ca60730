package io.jfs.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps files of cached blocks open, the least recently used ones only so many. Thread safe. */
final class OpenFiles implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

  /** Makes an open file of a block. */
  @FunctionalInterface
  interface Opener {
    CacheFile open(BlockKey key) throws IOException;
  }

  /** A share in an open file; closing it gives the share back. */
  final class Lease implements AutoCloseable {
    private final CacheFile file;

    // These three are guarded by the monitor of OpenFiles.
    private int users = 1;
    private boolean retired;
    private boolean usedSinceSweep = true;

    private Lease(CacheFile file) {
      this.file = file;
    }

    CacheFile file() {
      return file;
    }

    @Override
    public void close() {
      release(this);
    }
  }

  private final Opener opener;
  private final int maxOpen;

  @GuardedBy("this")
  private final LinkedHashMap<BlockKey, Lease> leases = new LinkedHashMap<>(16, 0.75f, true);

  OpenFiles(Opener opener, int maxOpen) {
    this.opener = opener;
    this.maxOpen = maxOpen;
  }

  /** A share in the open file of a block; the caller closes it. */
  Lease lease(BlockKey key) throws IOException {
    Lease found = leaseOpen(key);
    return found != null ? found : keep(key, new Lease(opener.open(key)));
  }

  private synchronized @Nullable Lease leaseOpen(BlockKey key) {
    Lease found = leases.get(key);
    if (found != null) {
      found.users++;
      found.usedSinceSweep = true;
    }
    return found;
  }

  private Lease keep(BlockKey key, Lease opened) {
    List<Lease> surplus = new ArrayList<>();
    synchronized (this) {
      Lease replaced = leases.put(key, opened);
      if (replaced != null) {
        retire(replaced, surplus);
      }
      while (leases.size() > maxOpen) {
        Map.Entry<BlockKey, Lease> eldest = leases.entrySet().iterator().next();
        leases.remove(eldest.getKey());
        retire(eldest.getValue(), surplus);
      }
    }
    surplus.forEach(OpenFiles::closeFile);
    return opened;
  }

  /** Closes the file of a block once nobody reads it. */
  void forget(BlockKey key) {
    List<Lease> surplus = new ArrayList<>();
    synchronized (this) {
      Lease found = leases.remove(key);
      if (found != null) {
        retire(found, surplus);
      }
    }
    surplus.forEach(OpenFiles::closeFile);
  }

  /** Closes all files that were not used since the last sweep. */
  void sweep() {
    List<Lease> surplus = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Lease> all = leases.values().iterator(); all.hasNext(); ) {
        Lease lease = all.next();
        if (!lease.usedSinceSweep) {
          all.remove();
          retire(lease, surplus);
        }
        lease.usedSinceSweep = false;
      }
    }
    surplus.forEach(OpenFiles::closeFile);
  }

  @Override
  public void close() {
    List<Lease> surplus = new ArrayList<>();
    synchronized (this) {
      leases.values().forEach(lease -> retire(lease, surplus));
      leases.clear();
    }
    surplus.forEach(OpenFiles::closeFile);
  }

  @GuardedBy("this")
  private void retire(Lease lease, List<Lease> unused) {
    lease.retired = true;
    if (lease.users == 0) {
      unused.add(lease);
    }
  }

  private void release(Lease lease) {
    boolean last;
    synchronized (this) {
      lease.users--;
      last = lease.retired && lease.users == 0;
    }
    if (last) {
      closeFile(lease);
    }
  }

  private static void closeFile(Lease lease) {
    try {
      lease.file.close();
    } catch (IOException e) {
      log.debug("closing a cached file failed", e);
    }
  }
}
