package io.jfs.meta.ops;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import org.jspecify.annotations.Nullable;

/**
 * ACL rules and their ids. A rule is never changed and never deleted; that is why one may be stored
 * before the operation that needs it is committed, and kept without being observed.
 */
public interface AclRules {
  /** Knows no rule and stores none. */
  AclRules NONE =
      new AclRules() {
        @Override
        public @Nullable AclRule known(int id) {
          return null;
        }

        @Override
        public int idOf(AclRule rule) throws FsException {
          throw Errno.EOPNOTSUPP.exception();
        }
      };

  /** A rule that this client has already seen; null if it has not. */
  @Nullable AclRule known(int id);

  /**
   * The id under which a rule is stored; stores it if it is not. Metadata spec 6.14.
   *
   * @throws FsException EOPNOTSUPP if this client cannot; ENOSPC, EROFS
   */
  int idOf(AclRule rule) throws FsException;
}
