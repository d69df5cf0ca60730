package io.jfs.meta;

import static io.jfs.meta.TestClient.ROOT;

import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random operations of one client on few names, three directories deep. */
final class RandomNames {
  /** What a program may meet when others change names under its feet. */
  private static final Set<Errno> EXPECTED =
      EnumSet.of(
          Errno.ENOENT,
          Errno.EEXIST,
          Errno.ENOTDIR,
          Errno.EISDIR,
          Errno.ENOTEMPTY,
          Errno.EINVAL,
          Errno.EPERM);

  private final TestClient client;
  private final Random random;

  RandomNames(TestClient client, Random random) {
    this.client = client;
    this.random = random;
  }

  void step() {
    try {
      operate();
    } catch (FsException e) {
      if (!EXPECTED.contains(e.errno())) {
        throw new AssertionError("a refusal that nobody expects", e);
      }
    }
  }

  private void operate() throws FsException {
    Ino dir = directory();
    Name name = name();
    switch (random.nextInt(15)) {
      case 0, 1 -> client.names.create(ROOT, dir, name, NewInode.file(0644, 0));
      case 2 -> client.names.create(ROOT, dir, name, NewInode.directory(0755, 0));
      case 3 -> client.names.unlink(ROOT, dir, name);
      case 4 -> client.names.rmdir(ROOT, dir, name);
      case 5, 6 -> client.names.rename(ROOT, dir, name, directory(), name(), 0);
      case 7 -> client.names.rename(ROOT, dir, name, directory(), name(), random.nextInt(3) * 2);
      case 8 -> link(dir, name);
      case 9 -> attributes(dir, name);
      case 10 -> unnamed(dir, name);
      case 11, 12 -> hold(dir, name);
      case 13 -> restore();
      default -> client.list(dir);
    }
  }

  private void link(Ino dir, Name name) throws FsException {
    Entry entry = client.names.lookup(ROOT, dir, name);
    if (entry != null) {
      client.names.link(ROOT, entry.ino(), directory(), name());
    }
  }

  private void unnamed(Ino dir, Name name) throws FsException {
    Ino ino = client.names.createUnnamed(ROOT, dir, NewInode.file(0600, 0)).ino();
    client.open.add(ino);
    client.names.link(ROOT, ino, dir, name);
  }

  /** Opens a file, or closes all that are open: what has no link then is left to the session. */
  private void hold(Ino dir, Name name) throws FsException {
    Entry entry = client.names.lookup(ROOT, dir, name);
    if (entry == null) {
      client.open.clear();
    } else if (entry.attr().isRegular()) {
      client.open.add(entry.ino());
    }
  }

  private void restore() throws FsException {
    for (DirEntry hour : client.list(Ino.TRASH_ROOT)) {
      for (DirEntry entry : client.list(hour.dentry().ino())) {
        if (random.nextInt(8) == 0) {
          client.names.restore(ROOT, hour.dentry().ino(), entry.name());
        }
      }
    }
  }

  private void attributes(Ino dir, Name name) throws FsException {
    Entry entry = client.names.lookup(ROOT, dir, name);
    if (entry != null) {
      int mode = random.nextInt(01000);
      client.names.setAttr(
          ROOT,
          entry.ino(),
          new AttrUpdate(mode, null, null, null, null, false, false, null, false));
      client.names.setXattr(ROOT, entry.ino(), Name.of("trusted.x"), new byte[] {1}, 0);
    }
  }

  private Name name() {
    return Name.of("n" + random.nextInt(4));
  }

  private Ino directory() throws FsException {
    List<Ino> path = new ArrayList<>(List.of(Ino.ROOT));
    for (int depth = random.nextInt(4); depth > 0; depth--) {
      Entry entry = client.names.lookup(ROOT, path.get(path.size() - 1), name());
      if (entry != null && entry.attr().isDirectory()) {
        path.add(entry.ino());
      }
    }
    return path.get(path.size() - 1);
  }
}
