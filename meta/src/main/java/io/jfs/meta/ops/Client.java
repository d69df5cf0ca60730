package io.jfs.meta.ops;

import io.jfs.meta.model.Ino;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What operations need to know of the client that runs them.
 *
 * @param sessionId its session; 0 if it has none
 * @param isOpen whether an inode is open here, so that its data must outlive its last link; asked
 *     only right before such a removal is committed
 * @param quota limits
 * @param acls ACL rules
 * @param changeNumber numbers the lines that this client writes to the change log
 */
public record Client(
    long sessionId,
    Predicate<Ino> isOpen,
    QuotaGuard quota,
    AclRules acls,
    LongSupplier changeNumber) {
  /** Nothing open, no session, no limits. */
  public static final Client NONE =
      new Client(0, ino -> false, QuotaGuard.NONE, AclRules.NONE, () -> 0);

  /** Whether an inode that loses its last link is to be kept until its last close here. */
  boolean sustains(Ino ino) {
    return sessionId != 0 && isOpen.test(ino);
  }
}
