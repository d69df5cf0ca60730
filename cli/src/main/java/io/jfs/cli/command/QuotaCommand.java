package io.jfs.cli.command;

import io.jfs.cli.admin.QuotaChecker;
import io.jfs.cli.admin.QuotaSubject;
import io.jfs.cli.admin.QuotaTable;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.QuotaOptions;
import io.jfs.cli.option.UsageException;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.InodePaths;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.background.QuotaBook.QuotaUsage;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code jfs quota}: limits of directories, users and groups. Vfs-cli spec 3.4 and 3.8. */
final class QuotaCommand implements Command {
  private static final int UNKNOWN = 3;

  @Override
  public String name() {
    return "quota";
  }

  @Override
  public String summary() {
    return "Limit what directories, users and groups may use.";
  }

  @Override
  public List<String> arguments() {
    return List.of("set|get|delete|list|check", "META-URL");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(QuotaOptions.GROUP);
  }

  @Override
  public String explanation() {
    return """
        set     sets limits; what a directory holds already is counted first
        get     shows one quota
        delete  takes limits away (also: del)
        list    shows all quotas (also: ls)
        check   compares what is counted with what is there, of one subject or of all; --repair
                stores what is there. Clients write their counts every three seconds: check a
                volume that rests.

        A write or creation beyond a limit fails with EDQUOT. Each client looks at the limits with
        each heartbeat, so they are soft by what several clients write in that time.
        The first quota of a user or group switches --user-group-quota on (see jfs config), which
        counts what everybody owns.

        Examples:
          jfs quota set redis://localhost/1 --path /team --capacity 100 --inodes 1000000
          jfs quota set redis://localhost/1 --uid 1000 --capacity 10
          jfs quota list redis://localhost/1
          jfs quota check redis://localhost/1 --path /team --repair
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    String what = invocation.arguments().get(0);
    String url = invocation.arguments().get(1);
    Options options = invocation.options();
    QuotaSubject subject = QuotaSubject.of(options);
    PrintStream out = invocation.out();
    try {
      switch (what) {
        case "set" -> set(url, required(subject), options, out);
        case "get" -> get(url, required(subject), out);
        case "delete", "del" -> delete(url, required(subject));
        case "list", "ls" -> list(url, subject, out);
        case "check" -> check(url, subject, options, out);
        default -> {
          System.err.println("No help topic for '" + what + "'");
          return UNKNOWN;
        }
      }
      return 0;
    } catch (FormatException | FsException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static QuotaSubject required(@Nullable QuotaSubject subject) throws UsageException {
    if (subject == null) {
      throw new UsageException(
          "Please specify the directory with `--path <dir>` option or specify user/group with"
              + " `--uid <uid>`/`--gid <gid>` option");
    }
    return subject;
  }

  private static void set(String url, QuotaSubject subject, Options options, PrintStream out)
      throws CommandException, UsageException, FormatException, FsException {
    if (options.get(QuotaOptions.INODES) < 0) {
      throw new UsageException("--inodes must be 0 or more");
    }
    if (options.get(QuotaOptions.CREATE) && subject.kind() == Kind.DIRECTORY) {
      MetaConfig making = MetaConfig.DEFAULT.withBackgroundJobs(false).withSubdir(subject.path());
      open(Engines.open(url, System.getenv()), making).close();
    }
    Engine engine = Engines.open(url, System.getenv());
    beginToCount(engine, subject.kind());
    try (VolumeMeta meta = open(engine)) {
      QuotaKey key = subject.key(meta);
      QuotaUsage present = meta.quotas().usage(key);
      QuotaLimits before = present == null ? new QuotaLimits(-1, -1) : present.limits();
      meta.quotas()
          .set(
              key,
              new QuotaLimits(
                  options.has(QuotaOptions.CAPACITY)
                      ? options.get(QuotaOptions.CAPACITY)
                      : before.maxSpaceBytes(),
                  options.has(QuotaOptions.INODES)
                      ? options.get(QuotaOptions.INODES)
                      : before.maxInodes()));
      show(subject, meta.quotas().usage(key), out);
    }
  }

  /** Other clients, too, count for the first quota only when the volume's settings say so. */
  private static void beginToCount(Engine engine, Kind kind) throws FormatException {
    String member = kind == Kind.DIRECTORY ? "DirStats" : "UserGroupQuota";
    try {
      VolumeAdmin admin = new VolumeAdmin(engine);
      if (!admin.load().flag(member)) {
        Object unused = admin.update(format -> format.set(member, true), VolumeAdmin.Checks.STRICT);
      }
    } catch (FormatException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private static void get(String url, QuotaSubject subject, PrintStream out)
      throws CommandException, FormatException {
    try (VolumeMeta meta = open(Engines.open(url, System.getenv()))) {
      show(subject, meta.quotas().usage(subject.key(meta)), out);
    }
  }

  private static void show(QuotaSubject subject, @Nullable QuotaUsage usage, PrintStream out) {
    QuotaTable table = new QuotaTable(subject.title());
    if (usage != null) {
      table.add(subject.shortLabel(), usage.limits(), usage.usedSpaceBytes(), usage.usedInodes());
    }
    out.print(table);
  }

  private static void delete(String url, QuotaSubject subject)
      throws CommandException, FormatException, FsException {
    try (VolumeMeta meta = open(Engines.open(url, System.getenv()))) {
      QuotaKey key = subject.key(meta);
      if (meta.quotas().usage(key) != null) {
        meta.quotas().delete(key);
      }
    }
  }

  private static void list(String url, @Nullable QuotaSubject subject, PrintStream out)
      throws CommandException, FormatException {
    Engine engine = Engines.open(url, System.getenv());
    try (VolumeMeta meta = open(engine)) {
      QuotaKey only = subject == null ? null : subject.key(meta);
      InodePaths paths = new InodePaths(engine);
      QuotaTable table = new QuotaTable(subject == null ? "Path/ID" : subject.title());
      for (QuotaUsage usage : meta.quotas().usages()) {
        boolean asked = only == null ? isLimit(usage) : only.equals(usage.key());
        if (asked) {
          table.add(
              label(usage.key(), paths),
              usage.limits(),
              usage.usedSpaceBytes(),
              usage.usedInodes());
        }
      }
      out.print(table);
    }
  }

  /** Everybody who owns something has a row; only those with limits are of interest. */
  private static boolean isLimit(QuotaUsage usage) {
    return usage.key().kind() == Kind.DIRECTORY
        || usage.limits().maxSpaceBytes() > 0
        || usage.limits().maxInodes() > 0;
  }

  private static String label(QuotaKey key, InodePaths paths) {
    return switch (key.kind()) {
      case USER -> "uid:" + key.id();
      case GROUP -> "gid:" + key.id();
      case DIRECTORY -> {
        List<String> found = paths.of(new Ino(key.id()));
        yield found.isEmpty() ? "inode:" + key.id() : found.get(0);
      }
    };
  }

  private static void check(
      String url, @Nullable QuotaSubject subject, Options options, PrintStream out)
      throws CommandException, FormatException, FsException {
    Engine engine = Engines.open(url, System.getenv());
    try (VolumeMeta meta = open(engine)) {
      InodePaths paths = new InodePaths(engine);
      QuotaChecker checker = new QuotaChecker(meta, options, key -> label(key, paths));
      if (subject == null) {
        checker.checkAll();
        return;
      }
      QuotaKey key = subject.key(meta);
      if (meta.quotas().usage(key) == null) {
        throw new CommandException("no quota is set on " + subject.label());
      }
      checker.check(key);
      show(subject, meta.quotas().usage(key), out);
    }
  }

  /** A client that leaves no session behind: it only administers. */
  private static VolumeMeta open(Engine engine) throws FormatException {
    return open(engine, MetaConfig.DEFAULT.withReadOnly(true).withBackgroundJobs(false));
  }

  private static VolumeMeta open(Engine engine, MetaConfig config) throws FormatException {
    SessionFacts facts = SessionFacts.ofThisProcess("quota", Clock.systemUTC().instant());
    return VolumeMeta.open(engine, config, facts, SliceReaper.NONE);
  }
}
