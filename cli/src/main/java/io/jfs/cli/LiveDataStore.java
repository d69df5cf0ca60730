package io.jfs.cli;

import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.RateLimiter;
import io.jfs.chunk.object.ReplaceableObjectStore;
import io.jfs.cli.command.CommandException;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatSecrets;
import io.jfs.meta.model.StorageTier;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object store of a running mount, which follows the volume's settings: bandwidth limits at
 * once, a new bucket or new credentials by opening the store anew. Options of the mount win over
 * the volume's settings.
 */
final class LiveDataStore {
  private static final Logger log = LoggerFactory.getLogger(LiveDataStore.class);

  /** Settings that say how the store is reached. */
  private static final List<String> REACHED_BY =
      List.of("Storage", "Bucket", "AccessKey", "SecretKey", "SessionToken");

  private final MountPlan plan;
  private final PagePool pool;
  private final RateLimiter uploads = new RateLimiter(System::nanoTime);
  private final RateLimiter downloads = new RateLimiter(System::nanoTime);
  private final ReplaceableObjectStore store;
  private Format current;

  /**
   * Opens the store that a volume's settings and the mount's options name.
   *
   * @throws CommandException if there is no such driver, or it refuses the settings
   */
  LiveDataStore(MountPlan plan, Format volume, PagePool pool) throws CommandException {
    this.plan = plan;
    this.pool = pool;
    this.current = plan.override(volume);
    setLimits(volume);
    this.store = new ReplaceableObjectStore(open(current));
  }

  /** The store; whoever closes it ends this. */
  ObjectStore store() {
    return store;
  }

  /** Takes over changed settings. What cannot be taken over stays as it was. */
  synchronized void follow(Format volume) {
    setLimits(volume);
    Format wanted = plan.override(volume);
    if (REACHED_BY.stream().allMatch(m -> wanted.text(m).equals(current.text(m)))
        && StorageTier.of(wanted).equals(StorageTier.of(current))) {
      return;
    }
    try {
      ObjectStore next = open(FormatSecrets.opened(wanted));
      store.replace(next);
      current = wanted;
      log.info("Data use {}", next.describe());
    } catch (CommandException | CorruptRecordException e) {
      log.error("The object store stays as it was: {}", e.getMessage());
    }
  }

  private ObjectStore open(Format format) throws CommandException {
    return DataStore.open(format, plan.store(pool, uploads, downloads));
  }

  private void setLimits(Format volume) {
    uploads.setLimit(plan.uploadMbps(volume));
    downloads.setLimit(plan.downloadMbps(volume));
  }
}
