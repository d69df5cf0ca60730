package io.jfs.meta.session;

import io.jfs.meta.Meta.HeldLock;
import io.jfs.meta.Operations;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.ops.SustainedInodes;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sessions as the volume knows them: opened, refreshed, found stale, cleaned. Metadata spec 7.1.
 */
public final class SessionRegister {
  private static final int PAGE = 1000;
  private static final int MAX_STALE = 1000;
  private static final byte[] EMPTY = {'{', '}'};

  private final Operations operations;
  private final Engine engine;

  /** The register of the engine's volume. */
  public SessionRegister(Operations operations, Engine engine) {
    this.operations = operations;
    this.engine = engine;
  }

  /**
   * Opens a session.
   *
   * @param lifeSeconds how long it lives unless refreshed
   * @return its id
   */
  public long open(SessionFacts facts, long lifeSeconds) throws FsException {
    long sid = operations.allocate(Sequence.SESSION, 1);
    byte[] json = facts.toJson();
    operations.run(
        Ino.NONE,
        txn -> {
          long expiry = txn.now().seconds() + lifeSeconds;
          txn.records().put(Records.SESSION_EXPIRY, Volume.KEY, sid, expiry);
          txn.records().put(Records.SESSION, Volume.KEY, sid, json);
          txn.logChangeOf(sid, "NEWSESSION", null, sid, expiry, json);
        });
    return sid;
  }

  /**
   * Goes on with the session of a client that has ended without closing it. If others have given it
   * up meanwhile, it lives again without what it held.
   */
  public void takeOver(long sid, SessionFacts facts, long lifeSeconds) throws FsException {
    byte[] json = facts.toJson();
    operations.run(
        Ino.NONE,
        txn -> {
          txn.records().put(Records.SESSION, Volume.KEY, sid, json);
          txn.records()
              .put(Records.SESSION_EXPIRY, Volume.KEY, sid, txn.now().seconds() + lifeSeconds);
        });
  }

  /** Lets a session live on; one that others have given up meanwhile is told again who it is. */
  public void refresh(long sid, SessionFacts facts, long lifeSeconds) throws FsException {
    byte[] json = facts.toJson();
    operations.run(
        Ino.NONE,
        txn -> {
          if (txn.records().get(Records.SESSION, Volume.KEY, sid) == null) {
            txn.records().put(Records.SESSION, Volume.KEY, sid, json);
          }
          txn.records()
              .put(Records.SESSION_EXPIRY, Volume.KEY, sid, txn.now().seconds() + lifeSeconds);
        });
  }

  /** Sessions whose time is over, at most 1000. */
  public List<Long> stale() {
    long now = operations.now().seconds();
    List<Long> found = new ArrayList<>();
    Object from = null;
    do {
      Page<Row<Long, Long>> page = engine.list(Records.SESSION_EXPIRY, Volume.KEY, from, PAGE);
      page.rows().stream().filter(row -> row.value() <= now).forEach(row -> found.add(row.key()));
      from = page.next();
    } while (from != null && found.size() < MAX_STALE);
    return found;
  }

  /**
   * Ends a session that is stale: its locks, what it holds open, then its record. If it turns out
   * to be alive, the record stays.
   */
  public void cleanStale(long sid) throws FsException {
    clean(sid, Recheck.MUST_BE_STALE);
  }

  /** Ends a session that is closing. */
  public void close(long sid) throws FsException {
    clean(sid, Recheck.NONE);
  }

  private enum Recheck {
    NONE,
    MUST_BE_STALE
  }

  private void clean(long sid, Recheck recheck) throws FsException {
    releaseLocks(Records.FLOCK, sid);
    releaseLocks(Records.PLOCK, sid);
    for (Ino ino : sustained(sid)) {
      operations.change(ino, txn -> SustainedInodes.release(txn, sid, ino));
    }
    operations.run(
        Ino.NONE,
        txn -> {
          if (recheck == Recheck.MUST_BE_STALE) {
            Long expiry = txn.records().get(Records.SESSION_EXPIRY, Volume.KEY, sid);
            if (expiry != null && expiry > txn.now().seconds()) {
              return;
            }
          }
          txn.records().remove(Records.SESSION_EXPIRY, Volume.KEY, sid);
          txn.records().remove(Records.SESSION, Volume.KEY, sid);
          txn.logChange("CLEANSESSION", null, sid);
        });
  }

  private <V> void releaseLocks(Table<Ino, LockOwner, V> table, long sid) throws FsException {
    Object from = null;
    do {
      Page<Row<Ino, Row<LockOwner, V>>> page = engine.scanLocks(table, sid, from, PAGE);
      for (Row<Ino, Row<LockOwner, V>> row : page.rows()) {
        LockOwner owner = row.value().key();
        if (owner.sid() == sid) {
          release(table, row.key(), owner);
        }
      }
      from = page.next();
    } while (from != null);
  }

  private <V> void release(Table<Ino, LockOwner, V> table, Ino ino, LockOwner owner)
      throws FsException {
    operations.run(
        ino,
        txn -> {
          if (txn.records().rows(table, ino).containsKey(owner)) {
            txn.records().remove(table, ino, owner);
          }
        });
  }

  /** Inodes that a session holds without a link. */
  public List<Ino> sustained(long sid) {
    List<Ino> found = new ArrayList<>();
    Object from = null;
    do {
      Page<Row<Ino, Boolean>> page = engine.list(Records.SUSTAINED, sid, from, PAGE);
      page.rows().forEach(row -> found.add(row.key()));
      from = page.next();
    } while (from != null);
    return found;
  }

  /**
   * A session as the volume knows it.
   *
   * @param sid its id
   * @param expiryUnixSeconds until when it lives
   * @param facts who it is; empty ones if nothing is stored
   */
  public record Session(long sid, long expiryUnixSeconds, SessionFacts facts) {}

  /** All sessions by id. */
  public List<Session> all() throws FsException {
    List<Session> sessions = new ArrayList<>();
    Object from = null;
    do {
      Page<Row<Long, Long>> page = engine.list(Records.SESSION_EXPIRY, Volume.KEY, from, PAGE);
      sessions.addAll(describe(page.rows()));
      from = page.next();
    } while (from != null);
    sessions.sort(Comparator.comparingLong(Session::sid));
    return sessions;
  }

  private List<Session> describe(List<Row<Long, Long>> rows) throws FsException {
    return operations.read(
        txn -> {
          txn.records()
              .prefetch(
                  rows.stream()
                      .map(row -> new Ref.OfField<>(Records.SESSION, Volume.KEY, row.key()))
                      .toArray(Ref[]::new));
          List<Session> sessions = new ArrayList<>();
          for (Row<Long, Long> row : rows) {
            byte[] json = txn.records().get(Records.SESSION, Volume.KEY, row.key());
            SessionFacts facts = SessionFacts.parse(json == null ? EMPTY : json);
            sessions.add(new Session(row.key(), row.value(), facts));
          }
          return sessions;
        });
  }

  /** All locks of a session. */
  public List<HeldLock> locks(long sid) {
    List<HeldLock> found = new ArrayList<>();
    Object from = null;
    do {
      Page<Row<Ino, Row<LockOwner, Boolean>>> page =
          engine.scanLocks(Records.FLOCK, sid, from, PAGE);
      for (Row<Ino, Row<LockOwner, Boolean>> row : page.rows()) {
        if (row.value().key().sid() == sid) {
          found.add(new HeldLock(row.key(), row.value().key(), null, row.value().value()));
        }
      }
      from = page.next();
    } while (from != null);
    do {
      Page<Row<Ino, Row<LockOwner, List<PosixLock>>>> page =
          engine.scanLocks(Records.PLOCK, sid, from, PAGE);
      for (Row<Ino, Row<LockOwner, List<PosixLock>>> row : page.rows()) {
        if (row.value().key().sid() == sid) {
          for (PosixLock lock : row.value().value()) {
            found.add(new HeldLock(row.key(), row.value().key(), lock, lock.exclusive()));
          }
        }
      }
      from = page.next();
    } while (from != null);
    return found;
  }
}
