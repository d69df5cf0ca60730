package io.jfs.vfs;

import io.jfs.meta.model.Caller;
import org.jspecify.annotations.Nullable;

/**
 * In whose name requests run, and with which umask: {@code --root-squash}, {@code --all-squash},
 * {@code --umask}. Vfs-cli spec 2.6 and 4.2.
 *
 * @param root who root becomes; null: himself
 * @param all who everybody becomes, root included; null: himself
 * @param umask of everything that is created; null: the caller's
 */
public record CallerRules(
    @Nullable Identity root, @Nullable Identity all, @Nullable Integer umask) {
  /** Everybody is himself. */
  public static final CallerRules NONE = new CallerRules(null, null, null);

  private static final int[] NO_GROUPS = {};

  /** A user and his only group. */
  public record Identity(int uid, int gid) {
    /** Who has no rights of his own: nobody and nogroup. */
    public static final int NOBODY = 65534;

    /**
     * Of {@code UID:GID}; a part that is missing is {@link #NOBODY}.
     *
     * @throws IllegalArgumentException if a part is no number, or root's
     */
    public static Identity parse(String text) {
      String[] parts = text.strip().split(":", -1);
      if (parts.length > 2) {
        throw new IllegalArgumentException("\"" + text + "\" is not UID:GID");
      }
      return new Identity(
          number(parts[0], text), parts.length > 1 ? number(parts[1], text) : NOBODY);
    }

    private static int number(String part, String text) {
      if (part.isEmpty()) {
        return NOBODY;
      }
      try {
        int id = Integer.parseUnsignedInt(part);
        if (id != 0) {
          return id;
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("\"" + text + "\" is not UID:GID", e);
      }
      throw new IllegalArgumentException("nobody can be made root, \"" + text + "\"");
    }
  }

  /** Whether some callers become others: then the kernel's own checks are about the wrong ones. */
  public boolean squash() {
    return root != null || all != null;
  }

  /** Whether nothing is changed. */
  boolean areEmpty() {
    return !squash() && umask == null;
  }

  Request apply(Request request) {
    Caller caller = request.caller();
    Identity other = all != null ? all : caller.isRoot() ? root : null;
    return other == null
        ? request
        : new Request(
            new Caller(other.uid, other.gid, caller.pid(), () -> NO_GROUPS),
            request.cancellation(),
            request.arrivedNanos());
  }

  int umaskOr(int callers) {
    return umask == null ? callers : umask;
  }
}
