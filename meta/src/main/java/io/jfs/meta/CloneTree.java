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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

  /**
   * An inode that is made and to be filled: a directory with entries, a file with content.
   *
   * @param from where the page begins that is to be cloned next
   */
  private record Pending(Ino source, Ino target, Attr attr, @Nullable Object from) {}

  /** As {@link Meta#clone}. */
  Ino clone(Caller caller, Ino source, Ino parent, Name name, Clone.Style style, TreeWork work)
      throws FsException {
    Place place = new Place(names.real(parent), name);
    return clone(caller, names.real(source), place, style, work);
  }

  /**
   * Clones {@code source} as {@code place}.
   *
   * @return the new inode
   * @throws FsException EEXIST; ENOENT, ENOTDIR, EACCES, EPERM; EDQUOT, ENOSPC; EROFS without a
   *     session
   */
  private Ino clone(Caller caller, Ino source, Place place, Clone.Style style, TreeWork work)
      throws FsException {
    if (session.id() == 0) {
      throw Errno.EROFS.exception();
    }
    names.operations().read(txn -> checkPlace(txn, caller, place));
    Ino top = names.newInode();
    Attr attr =
        names
            .operations()
            .change(top, txn -> Clone.beginTop(txn, caller, source, top, place, style));
    try {
      work.progress().advance(1, 0);
      fill(caller, new Pending(source, top, attr, null), style, work);
      names
          .operations()
          .run(place.directory(), txn -> Clone.attach(txn, caller, source, top, place, style));
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

  private void fill(Caller caller, Pending top, Clone.Style style, TreeWork work)
      throws FsException {
    TreeCrew.<Pending, RuntimeException>run(
        work.threads(),
        top,
        (pending, also) -> {
          if (pending.attr.isDirectory()) {
            fillPage(caller, pending, style, work, also);
          } else {
            fillFile(pending, style);
            work.progress().advance(0, 1);
          }
        });
  }

  /** Clones a page of entries; the pages behind it wait until these are filled. */
  private void fillPage(
      Caller caller, Pending directory, Clone.Style style, TreeWork work, Consumer<Pending> also)
      throws FsException {
    Page<DirEntry> page = names.readdir(caller, directory.source, directory.from, PAGE, false);
    List<Pending> entries = new ArrayList<>();
    for (DirEntry entry : page.rows()) {
      Pending pending = cloneEntry(caller, entry, directory.target, style);
      if (pending != null) {
        work.progress().advance(1, 0);
        entries.add(pending);
      }
    }
    Object next = page.next();
    if (next == null) {
      finish(directory, style);
      work.progress().advance(0, 1);
    } else {
      also.accept(new Pending(directory.source, directory.target, directory.attr, next));
    }
    entries.forEach(also);
  }

  private @Nullable Pending cloneEntry(
      Caller caller, DirEntry entry, Ino directory, Clone.Style style) throws FsException {
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
    return attr == null ? null : new Pending(source, target, attr, null);
  }

  private record Made(@Nullable Attr source) {}

  private void fillFile(Pending file, Clone.Style style) throws FsException {
    long length = file.attr.isRegular() ? file.attr.lengthBytes() : 0;
    long done = 0;
    long step = 1;
    while (done < length && step > 0) { // less than asked: refused on the way, or the source's end
      step = content.share(file.source, file.target, done, length - done).bytes();
      done += step;
    }
    finish(file, style);
  }

  private void finish(Pending filled, Clone.Style style) throws FsException {
    names
        .operations()
        .run(filled.target, txn -> Clone.finish(txn, filled.attr, filled.target, style));
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
}
