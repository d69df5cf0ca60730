package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Ref;

/**
 * Inodes without a link that a session holds open: they live until its last close, or until the
 * session is cleaned. Metadata spec 6.11, 7.2.
 */
public final class SustainedInodes {
  private SustainedInodes() {}

  /**
   * Ends a session's hold on an inode, and with it the inode if it still has no link. Its data is
   * queued for deletion.
   *
   * @return false if the session does not hold it; then nothing happens
   */
  public static boolean release(MetaTxn txn, long sid, Ino ino) {
    txn.records().prefetch(MetaTxn.attrRef(ino), new Ref.OfField<>(Records.SUSTAINED, sid, ino));
    if (txn.records().get(Records.SUSTAINED, sid, ino) == null) {
      return false;
    }
    txn.records().remove(Records.SUSTAINED, sid, ino);
    txn.logChange("DELSUSTAINED", null, sid, ino);
    Attr attr = txn.attr(ino);
    if (attr != null && attr.nlink() == 0) {
      free(txn, ino, attr);
    }
    return true;
  }

  private static void free(MetaTxn txn, Ino ino, Attr attr) {
    txn.records().delete(Records.ATTR, ino);
    txn.records().clear(Records.XATTR, ino); // those that were set after its last link had gone
    txn.records()
        .put(
            Records.DELETED_FILE,
            Records.Volume.KEY,
            new Records.DeletedFile(ino, attr.lengthBytes()),
            txn.now().seconds());
    txn.addUsage(-attr.usedSpaceBytes(), -1);
    txn.effects().usage(Ino.NONE, attr.uid(), attr.gid(), -attr.usedSpaceBytes(), -1);
    txn.effects().deletedFile(ino, attr.lengthBytes());
  }
}
