package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.txn.Ref;
import org.jspecify.annotations.Nullable;

/**
 * Moving names: renameat2(2), metadata spec 6.9; WHITEOUT beyond it.
 *
 * <p>Classify what stands at the two places, check that it may move, apply. Observes both
 * directories' attributes, both entries and the attributes behind them; that a replaced directory
 * is empty; for a directory that changes its parent, the ways up to the directory that both places
 * share, so that two clients cannot move two directories into each other.
 */
public final class Rename {
  private final MetaTxn txn;
  private final Caller caller;
  private final RenameMode mode;
  private final Ino trash;

  private Rename(MetaTxn txn, Caller caller, RenameMode mode, Ino trash) {
    this.txn = txn;
    this.caller = caller;
    this.mode = mode;
    this.trash = trash;
  }

  /** What stands at one of the two places. */
  private record Side(Place place, Attr directory, @Nullable Dentry dentry, @Nullable Attr attr) {
    Ino directoryIno() {
      return place.directory();
    }

    boolean leadsTo(@Nullable Ino ino) {
      return dentry != null && dentry.ino().equals(ino);
    }
  }

  /** Something that is there to be moved. */
  private record Moving(Place place, Attr directory, Dentry dentry, Attr attr) {
    static Moving of(Side side) throws FsException {
      if (side.dentry() == null || side.attr() == null) {
        throw Errno.ENOENT.exception();
      }
      return new Moving(side.place(), side.directory(), side.dentry(), side.attr());
    }

    Ino ino() {
      return dentry.ino();
    }

    boolean isDirectory() {
      return attr.isDirectory();
    }
  }

  /**
   * Moves what is at {@code from} to {@code to}.
   *
   * @param trash the hourly trash directory for what is replaced; {@link Ino#NONE} removes it for
   *     good
   * @param whiteout the number for the device that WHITEOUT leaves; {@link Ino#NONE} for other
   *     modes
   * @return the inode that {@code to} led to before and that lost this name; {@link Ino#NONE} if
   *     there was none
   * @throws FsException ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, EEXIST; EINVAL (into itself); EACCES
   *     (permission, sticky bit); EPERM (flags, trash); EDQUOT, ENOSPC
   */
  public static Ino rename(
      MetaTxn txn, Caller caller, Place from, Place to, RenameMode mode, Ino trash, Ino whiteout)
      throws FsException {
    Rename rename = new Rename(txn, caller, mode, trash);
    rename.requireNames(from, to);
    rename.prefetch(from, to);
    Side source = rename.side(from);
    Side target = rename.side(to);
    if (rename.isAlreadyDone(source, target, whiteout)) {
      return Ino.NONE;
    }
    Moving moving = Moving.of(source);
    rename.requireDirectories(source, target);
    if (rename.isNothing(source, target)) {
      return Ino.NONE;
    }
    rename.requireMovable(moving, target.directoryIno());
    txn.actsOn(moving.ino());
    if (mode == RenameMode.EXCHANGE) {
      rename.exchange(moving, Moving.of(target));
      return Ino.NONE;
    }
    return rename.move(moving, target, whiteout);
  }

  // ---- classify ----

  private void requireNames(Place from, Place to) throws FsException {
    if (from.name().isDotOrDotDot() || to.name().isDotOrDotDot()) {
      throw Errno.EINVAL.exception();
    }
    Trash.requireOutside(to.directory(), to.name());
    Trash.requireRemovable(caller, from.directory(), from.name());
    if (from.directory().isTrash() && mode == RenameMode.EXCHANGE) {
      throw Errno.EPERM.exception();
    }
  }

  private void prefetch(Place from, Place to) {
    txn.records()
        .prefetch(
            MetaTxn.attrRef(from.directory()),
            MetaTxn.attrRef(to.directory()),
            new Ref.OfAttrBehind(from.directory(), from.name()),
            new Ref.OfAttrBehind(to.directory(), to.name()));
  }

  private Side side(Place place) throws FsException {
    Attr directory = txn.directory(place.directory());
    Permissions.require(txn, caller, directory, Permissions.EXECUTE);
    Dentry dentry = txn.dentry(place.directory(), place.name());
    return new Side(place, directory, dentry, dentry == null ? null : txn.attr(dentry.ino()));
  }

  /** Whether an earlier attempt, whose answer was lost, has moved what it meant to move. */
  private boolean isAlreadyDone(Side source, Side target, Ino whiteout) {
    Ino moved = txn.earlierTarget();
    return moved != null
        && target.leadsTo(moved)
        && (source.leadsTo(whiteout) || !source.leadsTo(moved))
        && txn.isAlreadyThere(target.dentry(), moved);
  }

  private boolean isNothing(Side source, Side target) throws FsException {
    if (target.dentry() == null || source.dentry() == null) {
      return false;
    }
    if (mode.keepsTarget()) {
      throw Errno.EEXIST.exception();
    }
    return target.leadsTo(source.dentry().ino());
  }

  // ---- check ----

  private void requireDirectories(Side source, Side target) throws FsException {
    Permissions.require(txn, caller, source.directory(), Permissions.WRITE);
    Permissions.require(txn, caller, target.directory(), Permissions.WRITE);
    if (target.directory().parent().isHourlyTrash() && mode != RenameMode.RESTORE) {
      throw Errno.ENOENT.exception();
    }
    Permissions.requireUnprotected(source.directory());
    Permissions.requireMutable(target.directory());
    if (mode == RenameMode.EXCHANGE) {
      Permissions.requireUnprotected(target.directory());
    }
  }

  /** Whether something may leave the place where it is, for {@code to}. */
  private void requireMovable(Moving moving, Ino to) throws FsException {
    Permissions.requireUnprotected(moving.attr());
    Permissions.requireNotSticky(caller, moving.directory(), moving.attr());
    if (moving.isDirectory() && !moving.place().directory().equals(to)) {
      // Its ".." changes.
      Permissions.require(txn, caller, moving.attr(), Permissions.WRITE);
      requireOwnedIfSticky(moving);
    }
  }

  private void requireOwnedIfSticky(Moving moving) throws FsException {
    boolean sticky = (moving.directory().mode() & Attr.STICKY) != 0;
    if (sticky && !caller.isRoot() && caller.uid() != moving.attr().uid()) {
      throw Errno.EACCES.exception();
    }
  }

  private void requireReplaceable(Moving moving, Side target) throws FsException {
    Dentry dentry = target.dentry();
    if (dentry == null) {
      return;
    }
    if (target.attr() != null) {
      Permissions.requireNotSticky(caller, target.directory(), target.attr());
      Permissions.requireUnprotected(target.attr());
    }
    boolean directory = dentry.type() == FileType.DIRECTORY;
    if (moving.isDirectory() != directory) {
      throw (directory ? Errno.EISDIR : Errno.ENOTDIR).exception();
    }
    if (directory && !txn.isEmptyDirectory(dentry.ino())) {
      throw Errno.ENOTEMPTY.exception();
    }
  }

  private void requireNoLoop(Moving down, @Nullable Moving up, Ino from, Ino to)
      throws FsException {
    boolean directoryMoves = down.isDirectory() || (up != null && up.isDirectory());
    if (from.equals(to) || !directoryMoves) {
      return;
    }
    Ancestors ways = Ancestors.between(txn, from, to);
    if (ways.leadFromSecond(down.ino()) || (up != null && ways.leadFromFirst(up.ino()))) {
      throw Errno.EINVAL.exception();
    }
  }

  // ---- apply ----

  private Ino move(Moving moving, Side target, Ino whiteout) throws FsException {
    Ino from = moving.place().directory();
    Ino to = target.directoryIno();
    requireNoLoop(moving, null, from, to);
    requireReplaceable(moving, target);
    Dentry replaced = target.dentry();
    Removal.Fate fate = replaced == null ? Removal.Fate.GONE : remove(target, replaced);
    log(moving, target.place(), replaced, fate.trash());
    txn.remove(from, moving.place().name());
    transfer(moving, target.place());
    if (mode.leavesWhiteout()) {
      putWhiteout(moving, whiteout);
    }
    int arriving = moving.isDirectory() ? 1 : 0;
    int leaving = replaced != null && replaced.type() == FileType.DIRECTORY ? 1 : 0;
    putDirectories(moving, target, -arriving, arriving - leaving);
    return replaced == null ? Ino.NONE : replaced.ino();
  }

  private void log(Moving moving, Place to, @Nullable Dentry other, Ino otherGoesTo) {
    txn.logChange(
        "MOVE",
        moving.ino(),
        moving.place().directory(),
        moving.place().name(),
        to.directory(),
        to.name(),
        mode.loggedFlags(),
        other == null ? Ino.NONE : other.ino(),
        otherGoesTo);
  }

  private Removal.Fate remove(Side target, Dentry replaced) {
    Ino directory = target.directoryIno();
    Name name = target.place().name();
    return replaced.type() == FileType.DIRECTORY
        ? Removal.ofDirectory(txn, directory, name, replaced, target.attr(), trash)
        : Removal.ofFile(txn, directory, name, replaced, target.attr(), trash);
  }

  private void exchange(Moving one, Moving other) throws FsException {
    Ino from = one.place().directory();
    Ino to = other.place().directory();
    requireMovable(other, from);
    requireNoLoop(one, other, from, to);
    log(one, other.place(), other.dentry(), Ino.NONE);
    transfer(one, other.place());
    transfer(other, one.place());
    int delta = (one.isDirectory() ? 1 : 0) - (other.isDirectory() ? 1 : 0);
    Side target = new Side(other.place(), other.directory(), other.dentry(), other.attr());
    putDirectories(one, target, -delta, delta);
  }

  /** Lets a name lead to what moves, and the inode and the sums know about it. */
  private void transfer(Moving moving, Place to) throws FsException {
    Ino from = moving.place().directory();
    Ino directory = to.directory();
    txn.put(directory, to.name(), moving.dentry());
    txn.put(moving.ino(), Links.moved(txn, moving.ino(), moving.attr(), from, directory));
    if (from.equals(directory)) {
      return;
    }
    QuotaGuard.Amount amount =
        txn.client().quota().requireRoomToMove(txn, moving.ino(), moving.attr(), from, directory);
    DirectorySums.lost(txn, from, moving.attr());
    DirectorySums.gained(txn, directory, moving.attr());
    DirectorySums.discharge(txn, from, amount);
    DirectorySums.charge(txn, directory, amount);
  }

  private void putWhiteout(Moving moving, Ino whiteout) throws FsException {
    Ino directory = moving.place().directory();
    NewInode device = new NewInode(FileType.CHAR_DEVICE, 0, 0, 0, null);
    Attr attr =
        Create.newAttr(txn, caller, directory, moving.directory(), device)
            .edit()
            .mode(0)
            .accessAcl(0)
            .build();
    txn.client()
        .quota()
        .requireRoom(txn, attr.uid(), attr.gid(), directory, attr.usedSpaceBytes(), 1);
    txn.put(directory, moving.place().name(), new Dentry(FileType.CHAR_DEVICE, whiteout));
    Create.putNew(txn, directory, whiteout, attr, device);
    Create.log(txn, caller, directory, moving.place().name(), device, whiteout, false);
  }

  private void putDirectories(Moving moving, Side target, int fromLinks, int toLinks) {
    Ino from = moving.place().directory();
    Ino to = target.directoryIno();
    if (from.equals(to)) {
      putDirectory(to, target.directory(), fromLinks + toLinks);
      return;
    }
    putDirectory(from, moving.directory(), fromLinks);
    putDirectory(to, target.directory(), toLinks);
  }

  private void putDirectory(Ino directory, Attr attr, int links) {
    if (directory.isTrash()) {
      return;
    }
    if (links == 0) {
      txn.touchDirectory(directory, attr);
    } else {
      txn.linkDirectory(directory, attr, links);
    }
  }
}
