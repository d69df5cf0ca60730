package io.jfs.vfs.handle;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.VfsConfig.ListingOrder;
import io.jfs.vfs.attr.ChangeStamps;
import io.jfs.vfs.handle.DirHandle.Extra;
import io.jfs.vfs.handle.HandleLedger.Kept;
import io.jfs.vfs.handle.HandleTable.Parity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All open directories of a mount. Tells them which names this client has changed, so that a
 * listing does not show the kernel what is no longer there. Thread safe.
 */
public final class DirHandles {
  private final Meta meta;
  private final ChangeStamps stamps;
  private final BiFunction<Ino, Attr, @Nullable Attr> localView;
  private final HandleTable handles;
  private final ListingOrder order;
  private final KeptHandles kept;
  private final ConcurrentHashMap<Ino, List<DirHandle>> byDirectory = new ConcurrentHashMap<>();

  /**
   * No open directories yet but those that are kept.
   *
   * @param localView adds to attributes what this client knows better; null if they are doubtful
   */
  public DirHandles(
      HandleTable handles,
      KeptHandles kept,
      Meta meta,
      ChangeStamps stamps,
      ListingOrder order,
      BiFunction<Ino, Attr, @Nullable Attr> localView) {
    this.handles = handles;
    this.kept = kept;
    this.meta = meta;
    this.stamps = stamps;
    this.order = order;
    this.localView = localView;
  }

  /** A new handle on a directory, with entries that are not stored. */
  public DirHandle open(Ino ino, List<Extra> extras) {
    DirHandle handle =
        handles.add(
            Parity.ODD,
            number -> {
              DirHandle made =
                  new DirHandle(
                      number,
                      ino,
                      () -> new Listing(meta, ino, stamps, order),
                      meta,
                      extras,
                      localView,
                      -1);
              made.place = kept.add(number, ino, KeptHandles.O_DIRECTORY);
              return made;
            });
    byDirectory.compute(ino, (key, open) -> with(open, handle));
    return handle;
  }

  /** Makes a handle of what a predecessor has left. */
  private void adopt(Kept left, Function<Ino, List<Extra>> extras) {
    Ino ino = left.ino();
    DirHandle handle =
        new DirHandle(
            left.number(),
            ino,
            () -> new Listing(meta, ino, stamps, order),
            meta,
            extras.apply(ino),
            localView,
            left.openedMillis());
    handle.place = left.place();
    byDirectory.compute(ino, (key, open) -> with(open, handle));
    handles.adopt(handle);
  }

  private static List<DirHandle> with(@Nullable List<DirHandle> open, DirHandle handle) {
    List<DirHandle> more = new ArrayList<>();
    if (open != null) {
      more.addAll(open);
    }
    more.add(handle);
    return List.copyOf(more);
  }

  /**
   * The handle with a number.
   *
   * @param extras entries of a directory that are not stored, for one that a predecessor has left
   * @throws FsException EBADF
   */
  public DirHandle require(long number, Function<Ino, List<Extra>> extras) throws FsException {
    if (handles.isOlder(number)) {
      kept.adopt(number, left -> adopt(left, extras));
    }
    return handles.require(number, DirHandle.class);
  }

  /** Ends a handle. */
  public void close(long number) {
    if (handles.find(number) instanceof DirHandle handle && handles.remove(number)) {
      kept.remove(handle.place);
      byDirectory.computeIfPresent(handle.ino(), (key, open) -> without(open, handle));
    } else if (handles.isOlder(number)) {
      Object unused = kept.dropUnused(number);
    }
  }

  private static @Nullable List<DirHandle> without(List<DirHandle> open, DirHandle handle) {
    List<DirHandle> fewer = new ArrayList<>(open);
    fewer.remove(handle);
    return fewer.isEmpty() ? null : List.copyOf(fewer);
  }

  /** Number of open directories. */
  public int count() {
    return byDirectory.size();
  }

  /** This client has taken a name away. */
  public void removed(Ino directory, Name name) {
    openOn(directory).forEach(handle -> handle.removed(name));
  }

  /** This client has put something else under a name. */
  public void replaced(Ino directory, Name name) {
    openOn(directory).forEach(handle -> handle.replaced(name));
  }

  /** This client has made a name. */
  public void created(Ino directory, Name name) {
    openOn(directory).forEach(handle -> handle.created(name));
  }

  private List<DirHandle> openOn(Ino directory) {
    return byDirectory.getOrDefault(directory, List.of());
  }
}
