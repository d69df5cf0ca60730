package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.ops.Clone;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.ops.Place;
import io.jfs.meta.ops.SustainedInodes;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Page;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clones a file or a tree by sharing its slices, in many small transactions, and shows it in one.
 * Metadata spec 6.13. Hard links become files of their own. The source may change meanwhile; each
 * entry is cloned as it is met.
 */
final class CloneTree {
  private static final Logger LOG = LoggerFactory.getLogger(CloneTree.class);
  private static final int PAGE = 500;

  private final Namespace names;
  private final Content content;
  private final ClientSession session;

  CloneTree(Namespace names, Content content, ClientSession session) {
    this.names = names;
    this.content = content;
    this.session = session;
  }

  /** A directory whose entries are to be cloned. */
  private record Pending(Ino source, Ino target, Attr attr) {}

  /**
   * Clones {@code source} as {@code place}.
   *
   * @return the new inode
   * @throws FsException EEXIST; ENOENT, ENOTDIR, EACCES, EPERM; EDQUOT, ENOSPC; EROFS without a
   *     session
   */
  Ino clone(Caller caller, Ino source, Place place, Clone.Style style) throws FsException {
    if (session.id() == 0) {
      throw Errno.EROFS.exception();
    }
    names.operations().read(txn -> checkPlace(txn, caller, place));
    Ino top = names.newInode();
    Attr attr =
        names
            .operations()
            .change(top, txn -> Clone.beginTop(txn, caller, source, top, place.directory(), style));
    try {
      fill(caller, new Pending(source, top, attr), style);
      names.operations().run(place.directory(), txn -> Clone.attach(txn, caller, top, place));
      return top;
    } catch (FsException | RuntimeException e) {
      discard(top, attr);
      throw e;
    }
  }

  private static Place checkPlace(MetaTxn txn, Caller caller, Place place) throws FsException {
    Clone.requireFree(txn, caller, place);
    return place;
  }

  private void fill(Caller caller, Pending top, Clone.Style style) throws FsException {
    if (!top.attr.isDirectory()) {
      fillFile(top, style);
      return;
    }
    Deque<Pending> open = new ArrayDeque<>();
    open.push(top);
    while (!open.isEmpty()) {
      Pending directory = open.pop();
      fillDirectory(caller, directory, style, open);
      names
          .operations()
          .run(directory.target, txn -> Clone.finish(txn, directory.attr, directory.target, style));
    }
  }

  private void fillDirectory(
      Caller caller, Pending directory, Clone.Style style, Deque<Pending> open) throws FsException {
    Object from = null;
    do {
      Page<DirEntry> page = names.readdir(caller, directory.source, from, PAGE, false);
      for (DirEntry entry : page.rows()) {
        cloneEntry(caller, entry, directory.target, style, open);
      }
      from = page.next();
    } while (from != null);
  }

  private void cloneEntry(
      Caller caller, DirEntry entry, Ino directory, Clone.Style style, Deque<Pending> open)
      throws FsException {
    Ino source = entry.dentry().ino();
    Ino target = names.newInode();
    Place place = new Place(directory, entry.name());
    Made made =
        names
            .operations()
            .change(
                directory,
                txn -> new Made(Clone.beginBelow(txn, caller, source, target, place, style)));
    Attr attr = made.source();
    if (attr == null) {
      return;
    }
    Pending pending = new Pending(source, target, attr);
    if (attr.isDirectory()) {
      open.push(pending);
    } else {
      fillFile(pending, style);
    }
  }

  private record Made(@Nullable Attr source) {}

  private void fillFile(Pending file, Clone.Style style) throws FsException {
    long length = file.attr.isRegular() ? file.attr.lengthBytes() : 0;
    if (length > 0) {
      content.copyRange(file.source, 0, file.target, 0, length);
    }
    names.operations().run(file.target, txn -> Clone.finish(txn, file.attr, file.target, style));
  }

  /** What cannot be freed now is freed with the session, or by gc. */
  private void discard(Ino top, Attr attr) {
    try {
      if (attr.isDirectory()) {
        long unused = new RemoveTree(names, RemoveTree.SAFE_BATCH, true).clear(Caller.ROOT, top);
        names.operations().run(top, txn -> Clone.discard(txn, top));
      } else {
        boolean unused =
            names.operations().change(top, txn -> SustainedInodes.release(txn, session.id(), top));
      }
    } catch (FsException | EngineException e) {
      LOG.warn("unfinished clone {} is left to gc: {}", top, e.getMessage());
    }
  }

  /** As {@link #clone(Caller, Ino, Place, Clone.Style)}, with inode numbers of this view. */
  Ino clone(Caller caller, Ino source, Ino parent, Name name, Clone.Style style)
      throws FsException {
    return clone(caller, names.real(source), new Place(names.real(parent), name), style);
  }
}
