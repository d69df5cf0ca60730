package io.jfs.vfs.handle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.Meta.OpenedInode;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.attr.ChangeStamps;
import io.jfs.vfs.read.FileReader;
import io.jfs.vfs.read.Readers;
import io.jfs.vfs.write.FileWriter;
import io.jfs.vfs.write.Writers;
import io.jfs.vfs.write.WrittenFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the handles of one inode share: its writer, its reader, its attributes as this client last
 * saw them. Thread safe.
 *
 * <p>Attributes from metadata may arrive in another order than they were read. So who asks for them
 * takes {@link #version} before, and what this client changed meanwhile wins.
 */
public final class OpenFile implements WrittenFile {
  private static final long CAPABILITY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Ino ino;
  private final FileWriter writer;
  private final FileReader reader;
  private final ChangeStamps stamps;

  @GuardedBy("this")
  private boolean viewsDoubtful; // own changes since metadata was last asked at an open

  @GuardedBy("this")
  private final Map<Long, Long> posixLockOwners = new HashMap<>(2); // to handles

  /** Handles through which bytes were written that may not be stored yet. */
  @GuardedBy("this")
  private final List<FileHandle> owing = new ArrayList<>(1);

  private final KeptHandles kept;
  private volatile Attr attr;
  private volatile boolean distrusted;
  private volatile long version;
  private volatile long checkedNanos = System.nanoTime();
  private volatile long checkedLinks = -1;
  private volatile long noCapabilityNanos; // when it was last known to have none; 0: never

  int handles; // guarded by OpenFiles

  OpenFile(
      Ino ino, Attr attr, Writers writers, Readers readers, ChangeStamps stamps, KeptHandles kept) {
    this.ino = ino;
    this.kept = kept;
    this.attr = attr;
    this.stamps = stamps;
    this.writer = writers.open(ino, this);
    this.reader = readers.open(ino);
  }

  /** Which inode. */
  public Ino ino() {
    return ino;
  }

  /** Its writer. */
  public FileWriter writer() {
    return writer;
  }

  /** Its reader. */
  public FileReader reader() {
    return reader;
  }

  /** Attributes as metadata last told this client. */
  public Attr attr() {
    return attr;
  }

  /** Length, pending writes included. */
  public long lengthBytes() {
    return writer.lengthBytes();
  }

  /** Counts this client's changes. */
  public long version() {
    return version;
  }

  /** The attributes were asked for at {@link ChangeStamps#links}. */
  public void checkedAt(long links) {
    checkedLinks = links;
  }

  /** Whether the attributes were asked for at {@link ChangeStamps#links}. */
  public boolean isCheckedAt(long links) {
    return checkedLinks == links;
  }

  /** Nanoseconds since metadata was last asked for the attributes. */
  public long uncheckedNanos() {
    return System.nanoTime() - checkedNanos;
  }

  /** When metadata was last asked for the attributes, of {@link System#nanoTime}. */
  long checkedNanos() {
    return checkedNanos;
  }

  /** {@link ChangeStamps#links} when metadata was last asked for the attributes. */
  long checkedLinks() {
    return checkedLinks;
  }

  /** The attributes were not asked for now, but at these moments. */
  void believedSince(long nanos, long links) {
    checkedNanos = nanos;
    checkedLinks = links;
  }

  /** Attributes as this client knows them: metadata's with what is pending laid over. */
  public Attr view() {
    return withPending(attr);
  }

  /**
   * Whether it was known a moment ago that the file has no {@code security.capability}: the kernel
   * asks for it before every write.
   */
  public boolean hasNoCapability() {
    long known = noCapabilityNanos;
    return known != 0 && System.nanoTime() - known < CAPABILITY_NANOS;
  }

  /** The file has no {@code security.capability} now. */
  public void foundNoCapability() {
    noCapabilityNanos = System.nanoTime() | 1;
  }

  /** Extended attributes are being changed. */
  public void xattrsChanged() {
    noCapabilityNanos = 0;
  }

  /** {@code base} with what is written and pending laid over. */
  public Attr withPending(Attr base) {
    Timestamp mtime = writer.pendingMtime();
    if (mtime == null) {
      return base;
    }
    Attr.Editor edit = base.edit().lengthBytes(Math.max(base.lengthBytes(), lengthBytes()));
    return mtime.compareTo(base.mtime()) > 0 ? edit.changed(mtime).build() : edit.build();
  }

  /**
   * Metadata was asked and has answered {@code fresh}; {@code versionBefore} is {@link #version}
   * before the question.
   *
   * @return whether the answer counts; if not, this client has changed the file meanwhile
   */
  public synchronized boolean observe(Attr fresh, long versionBefore) {
    if (version != versionBefore) {
      return false;
    }
    if (!fresh.mtime().equals(attr.mtime())) {
      reader.changed();
    }
    attr = fresh;
    distrusted = false;
    checkedNanos = System.nanoTime();
    return true;
  }

  /** The file was opened once more; {@code changesBefore} is the reader's before the question. */
  synchronized void reopened(OpenedInode opened, long versionBefore, long changesBefore) {
    boolean counts = version == versionBefore;
    if (viewsDoubtful || !counts || !opened.attr().mtime().equals(attr.mtime())) {
      reader.changed();
      viewsDoubtful = !counts;
      if (counts) {
        attr = opened.attr();
        checkedNanos = System.nanoTime();
        reader.offerFirstChunk(opened.firstChunk(), reader.changes());
      }
    } else {
      attr = opened.attr();
      checkedNanos = System.nanoTime();
      reader.offerFirstChunk(opened.firstChunk(), changesBefore);
    }
  }

  /** What is remembered may be older than what metadata says: it is to be asked. */
  synchronized void distrust() {
    reader.changed();
    viewsDoubtful = true;
    distrusted = true;
  }

  /** Whether metadata has to be asked for the attributes before they are used. */
  public boolean isDistrusted() {
    return distrusted;
  }

  /** This client has changed attributes, but neither content nor length. */
  public void attributesChanged(Attr fresh, long versionBefore) {
    synchronized (this) {
      boolean counts = version == versionBefore;
      if (counts && !fresh.mtime().equals(attr.mtime())) {
        reader.changed();
      }
      attr =
          counts ? fresh : fresh.edit().lengthBytes(attr.lengthBytes()).mtime(attr.mtime()).build();
      version++;
    }
    stamps.changed(ino);
  }

  /** This client has changed the content by other means than writing. */
  public void contentChanged(Attr fresh) {
    synchronized (this) {
      reader.changed();
      attr = fresh;
      viewsDoubtful = true;
      version++;
    }
    stamps.changed(ino);
  }

  @Override
  public void committed(Attr fresh, List<ChunkSlice> slices) {
    synchronized (this) {
      int last = -1;
      for (ChunkSlice slice : slices) {
        if (slice.index() != last) {
          last = slice.index();
          reader.changed(last);
        }
      }
      attr = fresh;
      viewsDoubtful = true;
      version++;
    }
    stamps.changed(ino);
  }

  @Override
  public long committedLengthBytes() {
    return attr.lengthBytes();
  }

  @Override
  public int storageTier() {
    return attr.tier();
  }

  /** A process, or an open file description, locks a range through a handle of this client. */
  public synchronized void addPosixLockOwner(long owner, long handle) {
    posixLockOwners.put(owner, handle);
  }

  /** Forgets an owner; whether it may have POSIX locks here. */
  public synchronized boolean removePosixLockOwner(long owner) {
    return posixLockOwners.remove(owner) != null;
  }

  /**
   * Forgets the owners whose last lock came through a handle, and answers them. When a handle is
   * released its processes' owners have gone with a flush each; what is left are locks of the open
   * file description (F_OFD_SETLK), of whose end the kernel says nothing else.
   */
  public synchronized List<Long> removePosixLockOwners(long handle) {
    if (posixLockOwners.isEmpty()) {
      return List.of();
    }
    List<Long> owners =
        posixLockOwners.entrySet().stream()
            .filter(lock -> lock.getValue() == handle)
            .map(Map.Entry::getKey)
            .toList();
    posixLockOwners.keySet().removeAll(owners);
    return owners;
  }

  /** Bytes were written through a handle, and are about to be acknowledged. */
  public void written(FileHandle handle) {
    if (!kept.isKeeping()) {
      return;
    }
    synchronized (this) {
      if (!handle.owing) {
        handle.owing = true;
        owing.add(handle);
        kept.owe(handle.place, true);
      }
    }
  }

  /**
   * Some bytes were stored; if they were the last, nobody owes any more. Who writes meanwhile says
   * so afterwards, see {@link #written}.
   */
  @Override
  public synchronized void stored() {
    if (!owing.isEmpty() && !writer.isDirty()) {
      for (FileHandle handle : owing) {
        handle.owing = false;
        kept.owe(handle.place, false);
      }
      owing.clear();
    }
  }

  /** A handle is given up, and with it its row in the ledger. */
  synchronized void closed(FileHandle handle) {
    owing.remove(handle);
    kept.remove(handle.place);
    handle.place = KeptHandles.NO_PLACE;
  }
}
