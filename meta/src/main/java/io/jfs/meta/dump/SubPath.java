package io.jfs.meta.dump;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finds the directory of a path, without regard to permissions. */
final class SubPath {
  private SubPath() {}

  /**
   * The directory's inode.
   *
   * @throws FormatException there is none
   */
  static Ino resolve(Engine engine, String path) throws FormatException {
    Ino at = Ino.ROOT;
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        Name name = Name.stored(part.getBytes(StandardCharsets.UTF_8));
        Ref ref = new Ref.OfField<>(Records.DENTRY, at, name);
        Observed seen = engine.fetch(List.of(ref)).get(ref);
        if (seen == null || !(seen.value() instanceof Dentry dentry)) {
          throw new FormatException(path + ": no such directory");
        }
        if (dentry.type() != FileType.DIRECTORY) {
          throw new FormatException(path + ": not a directory");
        }
        at = dentry.ino();
      }
    }
    return at;
  }
}
