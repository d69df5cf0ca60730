package io.jfs.cli;

import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatSecrets;
import io.jfs.meta.model.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The content of {@code .config}: what this mount is. Vfs-cli spec 1.4. Secrets are removed. */
final class MountConfigJson {
  private final Supplier<Format> format;
  private final MountPlan plan;
  private final LongSupplier sessionId;

  MountConfigJson(Supplier<Format> format, MountPlan plan, LongSupplier sessionId) {
    this.format = format;
    this.plan = plan;
    this.sessionId = sessionId;
  }

  String text() {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("ReadOnly", plan.readOnly());
    meta.put("MountPoint", plan.mountPoint().toString());
    meta.put("Sid", sessionId.getAsLong());
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("Meta", meta);
    config.put("Format", FormatSecrets.masked(format.get()).members());
    config.put("Version", Version.current());
    config.put("Pid", ProcessHandle.current().pid());
    config.put("Mountpoint", plan.mountPoint().toString());
    return JsonText.of(config, " ");
  }
}
