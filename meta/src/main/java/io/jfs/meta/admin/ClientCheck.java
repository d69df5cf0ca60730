package io.jfs.meta.admin;

import io.jfs.meta.admin.Finding.Kind;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.record.Records;
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
    scans.each(Records.FLOCK, (ino, owner, exclusive) -> checkLock(ino, owner));
    scans.each(Records.PLOCK, (ino, owner, locks) -> checkLock(ino, owner));
  }

  private void checkSustained(long sid, Ino ino) {
    if (!sessions.contains(sid)) {
      find(Kind.SUSTAINED_WITHOUT_SESSION, ino, "held by session " + sid);
    }
    if (tree.exists(ino)) {
      tree.excuse(ino);
    } else {
      find(Kind.SUSTAINED_WITHOUT_INODE, ino, "held by session " + sid);
    }
  }

  private void checkLock(Ino ino, LockOwner owner) {
    if (!sessions.contains(owner.sid())) {
      find(Kind.LOCK_WITHOUT_SESSION, ino, "locked by session " + owner.sid());
    }
  }

  private void find(Kind kind, Ino ino, String detail) {
    findings.accept(new Finding(kind, ino, detail));
  }
}
