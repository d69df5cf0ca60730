package io.jfs.meta.dump;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.txn.Engine;
import java.util.List;

/** The volume's setting as a dump shows it. */
final class DumpSetting {
  private static final List<String> CREDENTIALS = List.of("SecretKey", "SessionToken");

  private DumpSetting() {}

  /**
   * The stored setting, credentials of the object store replaced unless they are to be kept.
   *
   * @throws FormatException no volume
   */
  static Format of(Engine engine, DumpOptions options) throws FormatException {
    Format format = new VolumeAdmin(engine).find();
    if (format == null) {
      throw new FormatException(VolumeAdmin.NOT_FORMATTED);
    }
    return options.keepSecrets() ? format : without(format, CREDENTIALS);
  }

  static Format without(Format format, List<String> members) {
    Format stripped = format;
    for (String member : members) {
      if (!format.text(member).isEmpty()) {
        stripped = stripped.with(member, FormatJson.REMOVED);
      }
    }
    return stripped;
  }
}
