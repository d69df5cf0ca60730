package io.jfs.meta.ops;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.RecordTxn;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Transactor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an operation, in the words of the file system: typed access to the records that
 * operations share, the moment "now", the policy, and the effects to carry out after the commit.
 */
public final class MetaTxn {
  private final RecordTxn records;
  private final boolean maybeApplied;
  private final Timestamp now;
  private final Policy policy;
  private final Client client;
  private final @Nullable Ino earlierTarget;
  private final Effects effects = new Effects();
  private @Nullable Ino target;
  private boolean alreadyApplied;

  /** An attempt at {@code now} of an operation that needs nothing of the client. */
  public MetaTxn(Transactor.Attempt attempt, Timestamp now, Policy policy) {
    this(attempt, now, policy, Client.NONE, null);
  }

  /**
   * An attempt at {@code now}.
   *
   * @param earlierTarget what the attempt before this one acted on ({@link #target()}); null if
   *     this is the first
   */
  public MetaTxn(
      Transactor.Attempt attempt,
      Timestamp now,
      Policy policy,
      Client client,
      @Nullable Ino earlierTarget) {
    this.records = attempt.records();
    this.maybeApplied = attempt.maybeApplied();
    this.now = now;
    this.policy = policy;
    this.client = client;
    this.earlierTarget = earlierTarget;
  }

  /** The records themselves. */
  public RecordTxn records() {
    return records;
  }

  /** Whether an earlier attempt's commit may have gone through without our hearing of it. */
  public boolean maybeApplied() {
    return maybeApplied;
  }

  /** The client's clock when the operation began. */
  public Timestamp now() {
    return now;
  }

  /** The client's and the volume's decisions. */
  public Policy policy() {
    return policy;
  }

  /** The client on which this runs. */
  public Client client() {
    return client;
  }

  /**
   * Says which inode this attempt acts on, so that an attempt after a lost answer can tell whether
   * a name still leads to it.
   */
  public void actsOn(Ino ino) {
    target = ino;
  }

  /** What {@link #actsOn} was told; null if nothing. */
  public @Nullable Ino target() {
    return target;
  }

  /**
   * Whether an earlier attempt, whose answer was lost, has already taken {@code dentry}'s name away
   * from the inode it acted on. The operation then has nothing left to do, and whoever runs it
   * answers, and carries out the effects, as that attempt did.
   */
  public boolean isAlreadyGone(@Nullable Dentry dentry) {
    if (maybeApplied
        && earlierTarget != null
        && (dentry == null || !dentry.ino().equals(earlierTarget))) {
      alreadyApplied = true;
    }
    return alreadyApplied;
  }

  /**
   * Whether an earlier attempt, whose answer was lost, has already given {@code dentry}'s name to
   * {@code ino}; as {@link #isAlreadyGone}.
   */
  public boolean isAlreadyThere(@Nullable Dentry dentry, Ino ino) {
    if (maybeApplied && dentry != null && dentry.ino().equals(ino)) {
      alreadyApplied = true;
    }
    return alreadyApplied;
  }

  /** Whether an earlier attempt, whose answer was lost, has already made {@code ino}. */
  public boolean isAlreadyMade(Ino ino) {
    if (maybeApplied && attr(ino) != null) {
      alreadyApplied = true;
    }
    return alreadyApplied;
  }

  /** What the attempt before this one acted on; null if this is the first. */
  public @Nullable Ino earlierTarget() {
    return earlierTarget;
  }

  /** Whether this attempt found that an earlier one was committed. */
  public boolean alreadyApplied() {
    return alreadyApplied;
  }

  /** What to carry out after the commit. */
  public Effects effects() {
    return effects;
  }

  /** Attributes; null if the inode does not exist. */
  public @Nullable Attr attr(Ino ino) {
    return records.get(Records.ATTR, ino);
  }

  /**
   * Attributes of an inode that must exist.
   *
   * @throws FsException ENOENT
   */
  public Attr require(Ino ino) throws FsException {
    Attr attr = attr(ino);
    if (attr == null) {
      throw Errno.ENOENT.exception();
    }
    return attr;
  }

  /**
   * Attributes of a directory.
   *
   * @throws FsException ENOENT, ENOTDIR
   */
  public Attr directory(Ino ino) throws FsException {
    Attr attr = require(ino);
    if (!attr.isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    return attr;
  }

  /** Writes attributes. */
  public void put(Ino ino, Attr attr) {
    records.put(Records.ATTR, ino, attr);
  }

  /** The entry under a name; null if there is none. */
  public @Nullable Dentry dentry(Ino parent, Name name) {
    return records.get(Records.DENTRY, parent, name);
  }

  /**
   * The entry under a name that must be there.
   *
   * @throws FsException ENOENT
   */
  public Dentry require(Ino parent, Name name) throws FsException {
    Dentry dentry = dentry(parent, name);
    if (dentry == null) {
      throw Errno.ENOENT.exception();
    }
    return dentry;
  }

  /** Writes an entry. */
  public void put(Ino parent, Name name, Dentry dentry) {
    records.put(Records.DENTRY, parent, name, dentry);
  }

  /** Removes an entry. */
  public void remove(Ino parent, Name name) {
    records.remove(Records.DENTRY, parent, name);
  }

  /**
   * Whether a directory has no entries; observed, so that a concurrent create makes the commit
   * fail.
   */
  public boolean isEmptyDirectory(Ino ino) {
    return records.isEmpty(Records.DENTRY, ino);
  }

  /**
   * Brings a directory's attributes, the entry under a name, and the attributes behind it along in
   * one round trip.
   */
  public void prefetchEntry(Ino parent, Name name) {
    records.prefetch(attrRef(parent), new Ref.OfAttrBehind(parent, name));
  }

  /** A ref to attributes, for {@link RecordTxn#prefetch}. */
  public static Ref attrRef(Ino ino) {
    return new Ref.OfCell<>(Records.ATTR, ino);
  }

  /** A ref to an entry, for {@link RecordTxn#prefetch}. */
  public static Ref dentryRef(Ino parent, Name name) {
    return new Ref.OfField<>(Records.DENTRY, parent, name);
  }

  /**
   * An ACL rule by id; null if it is not stored. Rules never change, so that what the client keeps
   * of them needs no observation.
   */
  public @Nullable AclRule aclRule(int id) {
    AclRule known = client.acls().known(id);
    return known == null ? records.get(Records.ACL, id) : known;
  }

  /** Adds to the volume's usage. */
  public void addUsage(long spaceBytes, long inodes) {
    if (spaceBytes != 0) {
      records.add(Records.USED_SPACE, Records.Volume.KEY, spaceBytes);
    }
    if (inodes != 0) {
      records.add(Records.USED_INODES, Records.Volume.KEY, inodes);
    }
  }

  /**
   * Moves a directory's times for a changed entry, unless they were moved less than the policy's
   * span ago. The attributes are written in any case: a commit that touches the parent's attributes
   * is what other clients' removals of the directory notice (metadata spec 10.3).
   */
  public void touchDirectory(Ino directory, Attr attr) {
    put(directory, movesTimes(attr) ? attr.edit().changed(now).build() : attr);
  }

  /** Whether {@link #touchDirectory} moves a directory's times. */
  public boolean movesTimes(Attr directory) {
    return now.millisSince(directory.mtime()) >= policy.skipDirMtimeMillis()
        || now.compareTo(directory.mtime()) < 0;
  }

  /** Moves a directory's times and its number of links by {@code links}, whatever the policy. */
  public void linkDirectory(Ino directory, Attr attr, int links) {
    put(directory, attr.edit().nlink(attr.nlink() + links).changed(now).build());
  }

  /**
   * Tells the volume's change log, if it keeps one, what this attempt does. Metadata spec 3.6.
   *
   * @param answer what the operation answers; null for nothing
   * @param arguments as for {@link ChangeLine#of}
   */
  public void logChange(String operation, @Nullable Object answer, Object... arguments) {
    logChangeOf(client.sessionId(), operation, answer, arguments);
  }

  /** As {@link #logChange}, for a session that the client is about to open. */
  public void logChangeOf(
      long sessionId, String operation, @Nullable Object answer, Object... arguments) {
    if (policy.changeLog()) {
      long number = client.changeNumber().getAsLong();
      byte[] line = ChangeLine.of(now, sessionId, number, operation, answer, arguments);
      records.append(Records.CHANGE_LOG, Records.Volume.KEY, List.of(line));
    }
  }
}
