package io.jfs.meta;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.ops.Policy;
import io.jfs.meta.ops.QuotaGuard;
import io.jfs.meta.txn.Transactor;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The root of a client's view: the volume's root, or a directory below it. */
final class SubDirectory {
  private static final int MODE = 0777;

  private SubDirectory() {}

  /**
   * The directory that the configuration names; made if it is missing and the client may write.
   *
   * @param effects told what making it leads to
   * @throws FsException ENOENT, ENOTDIR
   */
  static Ino resolve(
      Transactor transactor,
      InstantSource clock,
      MetaConfig config,
      Format format,
      Consumer<Effects> effects)
      throws FsException {
    Policy policy =
        new Policy(
            false,
            format.aclEnabled(),
            format.dirStats(),
            config.skipDirMtimeMillis(),
            format.flag("ChangeLog") && transactor.engine().changeLog() != null);
    Namespace volume =
        new Namespace(
            new NamespaceParts(
                transactor,
                clock,
                Ino.ROOT,
                config.readOnly(),
                () -> policy,
                format::trashDays,
                config.atimeMode(),
                () -> 0,
                ino -> false,
                QuotaGuard.NONE,
                effects,
                Runnable::run));
    Ino at = Ino.ROOT;
    for (String part : config.subdir().split("/")) {
      if (!part.isEmpty()) {
        at = step(volume, at, Name.of(part.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return at;
  }

  private static Ino step(Namespace volume, Ino parent, Name name) throws FsException {
    Entry entry = volume.lookup(Caller.ROOT, parent, name);
    if (entry == null) {
      entry = volume.create(Caller.ROOT, parent, name, NewInode.directory(MODE, 0));
    }
    if (!entry.attr().isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    return entry.ino();
  }
}
