package io.jfs.fuse.jnr;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.Request;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds inodes by path for one operation, from the root by one lookup for each name, and gives all
 * references back at its end. Paths come from libfuse: absolute, without "." and "..", symbolic
 * links resolved by the kernel.
 */
final class Walk implements AutoCloseable {
  private final VfsOps ops;
  private final Request request;
  private final List<Ino> referenced = new ArrayList<>();

  Walk(VfsOps ops, Request request) {
    this.ops = ops;
    this.request = request;
  }

  /** A directory and a name in it. */
  record Place(Ino parent, Name name) {}

  Request request() {
    return request;
  }

  /**
   * The inode at a path.
   *
   * @throws FsException ENOENT
   */
  Ino find(String path) throws FsException, IOException {
    Ino at = Ino.ROOT;
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        at = step(at, nameOf(name)).ino();
      }
    }
    return at;
  }

  /** Where a path's last name is, or would be. */
  Place place(String path) throws FsException, IOException {
    int slash = path.lastIndexOf('/');
    return new Place(find(path.substring(0, slash)), nameOf(path.substring(slash + 1)));
  }

  /** The attributes at a path; its last lookup answers them. */
  Entry entry(String path) throws FsException, IOException {
    if (path.equals("/")) {
      Attr root = ops.getAttr(request, Ino.ROOT, -1);
      return new Entry(Ino.ROOT, root);
    }
    Place place = place(path);
    return step(place.parent, place.name);
  }

  /** Takes over a reference that an operation's answer gave. */
  void reference(Entry entry) {
    referenced.add(entry.ino());
  }

  private Entry step(Ino parent, Name name) throws FsException, IOException {
    @Nullable Entry entry = ops.lookup(request, parent, name);
    if (entry == null) {
      throw Errno.ENOENT.exception();
    }
    reference(entry);
    return entry;
  }

  private static Name nameOf(String name) throws FsException {
    return Name.of(name.getBytes(StandardCharsets.UTF_8));
  }

  /** An inode outlives the walk: whoever opened it gives the reference back. */
  void keep(Ino ino) {
    boolean unused = referenced.remove(ino);
  }

  @Override
  public void close() {
    referenced.forEach(ino -> ops.forget(ino, 1));
  }
}
