package io.jfs.meta;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.model.ClientVersion;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.FormatRules;
import io.jfs.meta.model.FormatSecrets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume's settings as this client follows them. Limits, trash days and flags take effect when
 * they are reloaded; a volume that is gone, another one now, or too new, is lost. Metadata spec 2.
 */
final class Settings {
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

  private final AtomicBoolean lost = new AtomicBoolean();
  private volatile Format format;
  private volatile Consumer<Format> onChange = changed -> {};
  private volatile Consumer<String> onLost = reason -> {};

  /** Settings with secrets in clear. */
  Settings(Format format) {
    this.format = format;
  }

  Format format() {
    return format;
  }

  void onChange(Consumer<Format> action) {
    onChange = action;
  }

  void onLost(Consumer<String> action) {
    onLost = action;
  }

  /** Takes over what was just read; null if there is no setting any more. */
  void reloaded(byte @Nullable [] stored) {
    try {
      if (stored == null) {
        throw new FormatException(VolumeAdmin.NOT_FORMATTED);
      }
      Format sealed = FormatJson.parse(stored);
      if (!sealed.uuid().equals(format.uuid())) {
        throw new FormatException("the volume was formatted anew: UUID " + sealed.uuid());
      }
      if (sealed.number("MetaVersion") > FormatRules.META_VERSION) {
        FormatRules.requireUsable(sealed, ClientVersion.COMPATIBLE);
      }
      take(FormatSecrets.openedForChange(sealed));
    } catch (FormatException e) {
      lose(e.getMessage());
    } catch (CorruptRecordException e) {
      LOG.warn("settings stay as they were: {}", e.getMessage());
    }
  }

  private void take(Format reloaded) {
    if (!reloaded.members().equals(format.members())) {
      format = reloaded;
      LOG.info("the volume's settings have changed");
      onChange.accept(reloaded);
    }
  }

  private void lose(@Nullable String reason) {
    if (lost.compareAndSet(false, true)) {
      LOG.error("the volume is lost: {}", reason);
      onLost.accept(String.valueOf(reason));
    }
  }
}
