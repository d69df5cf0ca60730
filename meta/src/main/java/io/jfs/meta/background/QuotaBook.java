package io.jfs.meta.background;

import io.jfs.meta.Operations;
import io.jfs.meta.background.TreeUsage.Exactness;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.ops.QuotaGuard;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits and usage of the volume, its directories, users and groups, as this client knows them:
 * reloaded with each heartbeat, own changes added at once and written every few seconds. So limits
 * are soft across clients. Metadata spec 6.17. Thread safe.
 */
public final class QuotaBook implements QuotaGuard {
  private static final Logger LOG = LoggerFactory.getLogger(QuotaBook.class);
  private static final int PAGE = 1000;
  private static final int MAX_DEPTH = 4096;

  static final QuotaLimits NO_LIMITS = new QuotaLimits(-1, -1);

  private final Operations operations;
  private final Engine engine;
  private final Totals totals;
  private final Supplier<Format> format;
  private final Map<QuotaKey, Account> accounts = new ConcurrentHashMap<>();
  private final Map<Ino, Ino> parents = new ConcurrentHashMap<>();

  /** A book without accounts until {@link #reload}. */
  public QuotaBook(Operations operations, Engine engine, Totals totals, Supplier<Format> format) {
    this.operations = operations;
    this.engine = engine;
    this.totals = totals;
    this.format = format;
  }

  /** One quota: what is stored, and what this client has not written yet. Guarded by itself. */
  private static final class Account {
    private QuotaLimits limits = NO_LIMITS;
    private long usedSpaceBytes;
    private long usedInodes;
    private long pendingSpaceBytes;
    private long pendingInodes;

    synchronized void load(QuotaLimits newLimits, long spaceBytes, long inodes) {
      limits = newLimits;
      usedSpaceBytes = spaceBytes;
      usedInodes = inodes;
    }

    synchronized boolean hasRoom(long spaceBytes, long inodes) {
      return fits(limits.maxSpaceBytes(), usedSpaceBytes + pendingSpaceBytes, spaceBytes)
          && fits(limits.maxInodes(), usedInodes + pendingInodes, inodes);
    }

    private static boolean fits(long max, long used, long more) {
      return max <= 0 || more <= 0 || used + more <= max;
    }

    synchronized void add(long spaceBytes, long inodes) {
      pendingSpaceBytes += spaceBytes;
      pendingInodes += inodes;
    }

    synchronized long[] takePending() {
      long[] taken = {pendingSpaceBytes, pendingInodes};
      usedSpaceBytes += pendingSpaceBytes;
      usedInodes += pendingInodes;
      pendingSpaceBytes = 0;
      pendingInodes = 0;
      return taken;
    }

    synchronized void giveBack(long[] untold) {
      usedSpaceBytes -= untold[0];
      usedInodes -= untold[1];
      add(untold[0], untold[1]);
    }

    synchronized QuotaUsage usage(QuotaKey key) {
      return new QuotaUsage(
          key,
          limits,
          Math.max(0, usedSpaceBytes + pendingSpaceBytes),
          Math.max(0, usedInodes + pendingInodes));
    }
  }

  /**
   * A quota as it stands.
   *
   * @param key of what
   * @param limits set on it
   * @param usedSpaceBytes counted against it
   * @param usedInodes counted against it
   */
  public record QuotaUsage(
      QuotaKey key, QuotaLimits limits, long usedSpaceBytes, long usedInodes) {}

  // ---- asked by operations ----

  @Override
  public void requireRoom(
      MetaTxn txn, int uid, int gid, Ino directory, long spaceBytes, long inodes)
      throws FsException {
    if (uid != -1) {
      require(new QuotaKey(Kind.USER, Integer.toUnsignedLong(uid)), spaceBytes, inodes);
    }
    if (gid != -1) {
      require(new QuotaKey(Kind.GROUP, Integer.toUnsignedLong(gid)), spaceBytes, inodes);
    }
    if (uid != -1 || gid != -1) {
      requireVolume(spaceBytes, inodes);
    }
    for (QuotaKey key : above(directory)) {
      require(key, spaceBytes, inodes);
    }
  }

  private void require(QuotaKey key, long spaceBytes, long inodes) throws FsException {
    Account account = accounts.get(key);
    if (account != null && !account.hasRoom(spaceBytes, inodes)) {
      throw Errno.EDQUOT.exception();
    }
  }

  private void requireVolume(long spaceBytes, long inodes) throws FsException {
    Format settings = format.get();
    Totals.Usage usage = totals.known();
    boolean full =
        (settings.capacityBytes() > 0
                && spaceBytes > 0
                && usage.spaceBytes() + spaceBytes > settings.capacityBytes())
            || (settings.inodeLimit() > 0
                && inodes > 0
                && usage.inodes() + inodes > settings.inodeLimit());
    if (full) {
      throw Errno.ENOSPC.exception();
    }
  }

  @Override
  public Amount requireRoomToMove(MetaTxn txn, Ino ino, Attr attr, Ino from, Ino to)
      throws FsException {
    Amount own = new Amount(attr.usedSpaceBytes(), 1);
    List<QuotaKey> left = above(from);
    List<QuotaKey> entered = new ArrayList<>(above(to));
    if (left.equals(entered)) {
      return own;
    }
    Amount whole = attr.isDirectory() ? plus(own, below(ino)) : own;
    entered.removeAll(left);
    for (QuotaKey key : entered) {
      require(key, whole.spaceBytes(), whole.inodes());
    }
    return whole;
  }

  private Amount below(Ino directory) throws FsException {
    Account counted = accounts.get(new QuotaKey(Kind.DIRECTORY, directory.value()));
    if (counted != null) {
      QuotaUsage usage = counted.usage(new QuotaKey(Kind.DIRECTORY, directory.value()));
      return new Amount(usage.usedSpaceBytes, usage.usedInodes);
    }
    return new TreeUsage(operations, engine).below(directory, Exactness.STRICT);
  }

  private static Amount plus(Amount a, Amount b) {
    return new Amount(a.spaceBytes() + b.spaceBytes(), a.inodes() + b.inodes());
  }

  /** The directory quotas that count what lies in {@code directory}, nearest first. */
  private List<QuotaKey> above(Ino directory) throws FsException {
    if (directory.equals(Ino.NONE) || !hasDirectoryQuotas()) {
      return List.of();
    }
    List<QuotaKey> found = new ArrayList<>();
    Ino at = directory;
    for (int depth = 0; depth < MAX_DEPTH && !at.equals(Ino.NONE) && !at.isTrash(); depth++) {
      QuotaKey key = new QuotaKey(Kind.DIRECTORY, at.value());
      if (accounts.containsKey(key)) {
        found.add(key);
      }
      if (at.equals(Ino.ROOT)) {
        break;
      }
      at = parentOf(at);
    }
    return found;
  }

  private boolean hasDirectoryQuotas() {
    return accounts.keySet().stream().anyMatch(key -> key.kind() == Kind.DIRECTORY);
  }

  private Ino parentOf(Ino directory) throws FsException {
    Ino known = parents.get(directory);
    if (known == null) {
      known =
          operations.read(
              txn -> {
                Attr attr = txn.attr(directory);
                return attr == null ? Ino.NONE : attr.parent();
              });
      parents.put(directory, known);
    }
    return known;
  }

  // ---- told by operations ----

  /** Adds what a committed operation changed. */
  public void accept(Effects effects) {
    for (Effects.UsageChange change : effects.usages()) {
      if (format.get().flag("UserGroupQuota")) {
        charge(Kind.USER, change.uid(), change);
        charge(Kind.GROUP, change.gid(), change);
      }
      if (!change.directory().equals(Ino.NONE) && hasDirectoryQuotas()) {
        chargeDirectories(change);
      }
    }
  }

  private void charge(Kind kind, int id, Effects.UsageChange change) {
    if (id != -1) {
      accounts
          .computeIfAbsent(new QuotaKey(kind, Integer.toUnsignedLong(id)), k -> new Account())
          .add(change.spaceBytes(), change.inodes());
    }
  }

  private void chargeDirectories(Effects.UsageChange change) {
    try {
      for (QuotaKey key : above(change.directory())) {
        Account account = accounts.get(key);
        if (account != null) {
          account.add(change.spaceBytes(), change.inodes());
        }
      }
    } catch (FsException | EngineException e) {
      LOG.warn("usage below directory {} is not counted: {}", change.directory(), e.getMessage());
    }
    if (change.inodes() != 0) {
      parents.clear(); // A directory may have moved.
    }
  }

  // ---- kept up ----

  /** Asks the engine for all limits and usage. */
  public void reload() {
    parents.clear();
    Map<QuotaKey, QuotaLimits> limits = new HashMap<>();
    Object from = null;
    do {
      Page<Row<QuotaKey, QuotaLimits>> page = engine.scan(Records.QUOTA, from, PAGE);
      page.rows().forEach(row -> limits.put(row.key(), row.value()));
      from = page.next();
    } while (from != null);
    Map<QuotaKey, long[]> used = limits.isEmpty() ? Map.of() : loadUsed();
    accounts.keySet().removeIf(key -> key.kind() == Kind.DIRECTORY && !limits.containsKey(key));
    limits.forEach(
        (key, limit) -> {
          long[] usage = used.getOrDefault(key, new long[2]);
          accounts.computeIfAbsent(key, k -> new Account()).load(limit, usage[0], usage[1]);
        });
  }

  private Map<QuotaKey, long[]> loadUsed() {
    Map<QuotaKey, long[]> used = new HashMap<>();
    Object from = null;
    do {
      Page<Row<QuotaKey, long[]>> page = engine.scan(Records.QUOTA_USED, from, PAGE);
      page.rows().forEach(row -> used.put(row.key(), row.value()));
      from = page.next();
    } while (from != null);
    return used;
  }

  /** Writes what is pending; what cannot be written stays pending. Costs nothing when idle. */
  public void flush() {
    accounts.forEach(
        (key, account) -> {
          long[] pending = account.takePending();
          if (pending[0] != 0 || pending[1] != 0) {
            flush(key, account, pending);
          }
        });
  }

  private void flush(QuotaKey key, Account account, long[] pending) {
    try {
      operations.run(
          Ino.NONE,
          txn -> {
            boolean stored = txn.records().get(Records.QUOTA, key) != null;
            if (!stored && key.kind() == Kind.DIRECTORY) {
              return;
            }
            if (!stored) {
              txn.records().put(Records.QUOTA, key, NO_LIMITS);
            }
            txn.records().add(Records.QUOTA_USED, key, pending);
          });
    } catch (FsException | EngineException e) {
      LOG.warn("usage of {}: {}", key, e.getMessage());
      account.giveBack(pending);
    }
  }

  // ---- set ----

  /**
   * Sets limits. A directory that gets its first ones is counted, which walks through it.
   *
   * @param limits 0 for none
   */
  public void set(QuotaKey key, QuotaLimits limits) throws FsException {
    boolean isNew = operations.read(txn -> txn.records().get(Records.QUOTA, key) == null);
    Amount below =
        isNew && key.kind() == Kind.DIRECTORY
            ? new TreeUsage(operations, engine).below(new Ino(key.id()), Exactness.STRICT)
            : null;
    operations.run(
        Ino.NONE,
        txn -> {
          txn.records().put(Records.QUOTA, key, limits);
          if (below != null) {
            txn.records().set(Records.QUOTA_USED, key, below.spaceBytes(), below.inodes());
          } else if (txn.records().get(Records.QUOTA_USED, key) == null) {
            txn.records().set(Records.QUOTA_USED, key, 0, 0); // Without usage it is not seen.
          }
          long space = limits.maxSpaceBytes();
          txn.logChange("SETQUOTA", null, key.kind().code(), key.id(), space, limits.maxInodes());
        });
    flush();
    reload();
  }

  /** Takes limits away; users and groups are still counted. */
  public void delete(QuotaKey key) throws FsException {
    operations.run(
        Ino.NONE,
        txn -> {
          if (key.kind() == Kind.DIRECTORY) {
            txn.records().delete(Records.QUOTA, key);
            txn.records().delete(Records.QUOTA_USED, key);
          } else {
            txn.records().put(Records.QUOTA, key, NO_LIMITS);
          }
          txn.logChange("DELQUOTA", null, key.kind().code(), key.id());
        });
    reload();
  }

  // ---- shown ----

  /** All quotas as this client knows them, those without limits too. */
  public List<QuotaUsage> usages() {
    List<QuotaUsage> usages = new ArrayList<>();
    accounts.forEach((key, account) -> usages.add(account.usage(key)));
    return usages;
  }

  /** A quota as this client knows it; null if there is none. */
  public @Nullable QuotaUsage usage(QuotaKey key) {
    Account account = accounts.get(key);
    return account == null ? null : account.usage(key);
  }

  /** The directory quotas that count what lies in {@code directory}, nearest first. */
  public List<QuotaUsage> usagesAbove(Ino directory) throws FsException {
    List<QuotaUsage> usages = new ArrayList<>();
    for (QuotaKey key : above(directory)) {
      QuotaUsage usage = usage(key);
      if (usage != null) {
        usages.add(usage);
      }
    }
    return usages;
  }
}
