package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import org.jspecify.annotations.Nullable;

/** What listing a directory needs besides the engine's own listing. Metadata spec 6.10. */
public final class ReadDir {
  private ReadDir() {}

  /**
   * A directory that the caller may list: whether he may also see its entries' attributes.
   *
   * @param known its attributes if they were seen a moment ago; null to ask for them
   * @throws FsException ENOENT, ENOTDIR, EACCES
   */
  public static boolean requireListable(MetaTxn txn, Caller caller, Ino ino, @Nullable Attr known)
      throws FsException {
    Attr attr = known != null ? known : Lookup.attr(txn, ino);
    if (!attr.isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    Permissions.require(txn, caller, attr, Permissions.READ);
    return !txn.policy().checkPermissions()
        || Permissions.isGranted(txn, caller, attr, Permissions.EXECUTE);
  }
}
