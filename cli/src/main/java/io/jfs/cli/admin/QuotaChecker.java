package io.jfs.cli.admin;

import io.jfs.cli.command.CommandException;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.QuotaOptions;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.background.QuotaAudit;
import io.jfs.meta.background.QuotaBook.QuotaUsage;
import io.jfs.meta.background.TreeUsage.Exactness;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.ops.QuotaGuard.Amount;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what quotas say is used with what is there, and repairs it if asked to. */
public final class QuotaChecker {
  private static final Logger log = LoggerFactory.getLogger(QuotaChecker.class);

  private final VolumeMeta meta;
  private final QuotaAudit audit;
  private final Exactness exactness;
  private final boolean repair;
  private final Function<QuotaKey, String> label;
  private @Nullable String inconsistent;

  /** Checks a volume as the options say; {@code label} names quotas in messages. */
  public QuotaChecker(VolumeMeta meta, Options options, Function<QuotaKey, String> label) {
    this.meta = meta;
    this.audit = meta.quotaAudit();
    this.exactness = options.get(QuotaOptions.STRICT) ? Exactness.STRICT : Exactness.STATISTICS;
    this.repair = options.get(QuotaOptions.REPAIR);
    this.label = label;
  }

  /**
   * Checks every quota.
   *
   * @throws CommandException if one is inconsistent and not to be repaired, after all were checked
   */
  public void checkAll() throws CommandException, FsException {
    for (QuotaUsage usage : meta.quotas().usages()) {
      if (usage.key().kind() == Kind.DIRECTORY) {
        compare(usage.key(), audit.below(new Ino(usage.key().id()), exactness));
      }
    }
    if (meta.format().flag("UserGroupQuota")) {
      for (Map.Entry<QuotaKey, Amount> owned : audit.owned().entrySet()) {
        compare(owned.getKey(), owned.getValue());
      }
    }
    conclude();
  }

  /**
   * Checks one quota.
   *
   * @throws CommandException if it is inconsistent and not to be repaired
   */
  public void check(QuotaKey key) throws CommandException, FsException {
    Amount used =
        key.kind() == Kind.DIRECTORY
            ? audit.below(new Ino(key.id()), exactness)
            : audit.owned().getOrDefault(key, new Amount(0, 0));
    compare(key, used);
    conclude();
  }

  private void compare(QuotaKey key, Amount used) throws FsException {
    Amount stored = audit.stored(key);
    String name = label.apply(key);
    if (used.equals(stored)) {
      log.info("quota of {} is consistent", name);
      return;
    }
    if (stored == null) {
      log.warn("{}: quota not found, actual usage{}", name, shown(used));
    } else {
      log.warn("{}: usage{} != actual usage{}", name, shown(stored), shown(used));
    }
    if (repair) {
      audit.repair(key, used);
      log.info("quota of {} is repaired", name);
    } else {
      inconsistent = inconsistent == null ? name : inconsistent + ", " + name;
    }
  }

  private void conclude() throws CommandException {
    if (inconsistent != null) {
      throw new CommandException(
          "quota of " + inconsistent + " is inconsistent, please repair it with --repair flag");
    }
  }

  private static String shown(Amount amount) {
    return "(" + amount.inodes() + ", " + Quantities.bytes(amount.spaceBytes()) + ")";
  }
}
