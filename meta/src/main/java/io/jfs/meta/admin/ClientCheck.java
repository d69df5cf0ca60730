package io.jfs.meta.admin;

import io.jfs.meta.admin.Finding.Kind;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.RecordTxn;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** What sessions hold: inodes without a link, locks. */
final class ClientCheck {
  private final Scans scans;
  private final TreeCheck tree;
  private final Consumer<Finding> findings;
  private final Set<Long> sessions = new HashSet<>();

  ClientCheck(Scans scans, TreeCheck tree, Consumer<Finding> findings) {
    this.scans = scans;
    this.tree = tree;
    this.findings = findings;
  }

  void run() {
    scans.each(Records.SESSION_EXPIRY, (volume, sid, expiry) -> sessions.add(sid));
    scans.each(Records.SUSTAINED, (sid, ino, held) -> checkSustained(sid, ino));
    scans.each(Records.DETACHED, (volume, ino, since) -> tree.excuse(ino));
    scans.each(Records.FLOCK, (ino, owner, exclusive) -> checkLock(Records.FLOCK, ino, owner));
    scans.each(Records.PLOCK, (ino, owner, locks) -> checkLock(Records.PLOCK, ino, owner));
  }

  private void checkSustained(long sid, Ino ino) {
    if (!sessions.contains(sid)) {
      find(
          Kind.SUSTAINED_WITHOUT_SESSION,
          ino,
          "held by session " + sid,
          records -> release(records, sid, ino));
    }
    if (tree.exists(ino)) {
      tree.excuse(ino);
    } else {
      find(
          Kind.SUSTAINED_WITHOUT_INODE,
          ino,
          "held by session " + sid,
          records -> release(records, sid, ino));
    }
  }

  /** What only a session that is gone holds open has no link: it goes, as at its last close. */
  private static boolean release(RecordTxn records, long sid, Ino ino) {
    Attr attr = records.get(Records.ATTR, ino);
    boolean gone = records.get(Records.SESSION_EXPIRY, Volume.KEY, sid) == null;
    if (!gone && attr != null) {
      return false;
    }
    records.remove(Records.SUSTAINED, sid, ino);
    if (attr != null && attr.nlink() == 0) {
      TreeRemedies.delete(records, ino, attr);
    }
    return true;
  }

  private <V> void checkLock(Table<Ino, LockOwner, V> locks, Ino ino, LockOwner owner) {
    if (!sessions.contains(owner.sid())) {
      find(
          Kind.LOCK_WITHOUT_SESSION,
          ino,
          "locked by session " + owner.sid(),
          records -> {
            boolean held = records.rows(locks, ino).containsKey(owner);
            if (held) {
              records.remove(locks, ino, owner);
            }
            return held;
          });
    }
  }

  private void find(Kind kind, Ino ino, String detail, Remedy remedy) {
    findings.accept(Finding.of(kind, ino, detail, remedy));
  }
}
