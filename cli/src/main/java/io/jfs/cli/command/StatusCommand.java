package io.jfs.cli.command;

import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.UsageException;
import io.jfs.meta.Meta.HeldLock;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.Leftovers;
import io.jfs.meta.admin.Leftovers.Sum;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatSecrets;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.JsonText;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.VolumeUsage;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.session.SessionRegister;
import io.jfs.meta.session.SessionRegister.Session;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code jfs status}: a volume's settings, sessions and usage as JSON. Vfs-cli spec 3.8. */
final class StatusCommand implements Command {
  private static final Option<Long> SESSION =
      Option.number("session s", "0", "show one session, with what it holds and locks");
  private static final Option<Boolean> MORE =
      Option.flag(
          "more m", "count the trash and what waits for its deletion, too; may take a while");
  private static final int PAGE = 1000;

  @Override
  public String name() {
    return "status";
  }

  @Override
  public String summary() {
    return "Show a volume's settings, sessions and usage.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("STATUS", SESSION, MORE));
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    MetaConfig onlyLook = MetaConfig.DEFAULT.withReadOnly(true).withBackgroundJobs(false);
    SessionFacts facts = SessionFacts.ofThisProcess("status", Clock.systemUTC().instant());
    Engine engine = Engines.open(invocation.arguments().get(0), System.getenv());
    try (VolumeMeta meta = VolumeMeta.open(engine, onlyLook, facts, SliceReaper.NONE)) {
      long wanted = invocation.options().get(SESSION);
      Map<String, Object> more = invocation.options().get(MORE) ? more(engine, meta) : Map.of();
      Map<String, Object> shown =
          wanted == 0 ? volume(meta, more) : session(meta.sessions(), wanted);
      invocation.out().println(JsonText.of(shown, "  "));
      return 0;
    } catch (FormatException | FsException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  /** What is not zero. */
  private static Map<String, Object> more(Engine engine, VolumeMeta meta) throws FsException {
    Leftovers leftovers = Leftovers.of(engine);
    Map<String, Object> more = new LinkedHashMap<>();
    put(more, "TrashFile", trash(meta));
    put(more, "PendingDeletedFile", leftovers.pendingFiles());
    put(more, "TrashSlice", leftovers.trashSlices());
    put(more, "PendingDeletedSlice", leftovers.pendingSlices());
    return more;
  }

  private static void put(Map<String, Object> members, String name, Sum sum) {
    if (sum.count() > 0) {
      members.put(name + "Count", sum.count());
    }
    if (sum.bytes() > 0) {
      members.put(name + "Size", sum.bytes());
    }
  }

  /** Everything that lies in an hour of the trash; as the reference, the bytes of files only. */
  private static Sum trash(VolumeMeta meta) throws FsException {
    long count = 0;
    long bytes = 0;
    for (DirEntry hour : entries(meta, Ino.TRASH_ROOT)) {
      for (DirEntry entry : entries(meta, hour.dentry().ino())) {
        Attr attr = entry.attr();
        count++;
        bytes += attr != null && attr.isRegular() ? attr.lengthBytes() : 0;
      }
    }
    return new Sum(count, bytes);
  }

  private static List<DirEntry> entries(VolumeMeta meta, Ino directory) throws FsException {
    List<DirEntry> entries = new ArrayList<>();
    Object from = null;
    do {
      Page<DirEntry> page = meta.readdir(Caller.ROOT, directory, from, PAGE, true);
      entries.addAll(page.rows());
      from = page.next();
    } while (from != null);
    return entries;
  }

  private static Map<String, Object> volume(VolumeMeta meta, Map<String, Object> more)
      throws FsException {
    List<Object> sessions = new ArrayList<>();
    for (Session session : meta.sessions().all()) {
      sessions.add(members(session));
    }
    VolumeUsage usage = meta.usage(Ino.ROOT);
    Map<String, Object> stat = new LinkedHashMap<>();
    stat.put("UsedSpace", usage.totalBytes() - usage.availableBytes());
    stat.put("AvailableSpace", usage.availableBytes());
    stat.put("UsedInodes", usage.usedInodes());
    stat.put("AvailableInodes", usage.availableInodes());
    stat.putAll(more);
    Map<String, Object> volume = new LinkedHashMap<>();
    volume.put("Setting", FormatSecrets.masked(meta.format()).members());
    volume.put("Sessions", sessions);
    volume.put("Stat", stat);
    return volume;
  }

  private static Map<String, Object> session(SessionRegister register, long sid)
      throws CommandException, FsException {
    Session session =
        register.all().stream()
            .filter(s -> s.sid() == sid)
            .findFirst()
            .orElseThrow(() -> new CommandException("session " + sid + " does not exist"));
    Map<String, Object> members = members(session);
    List<Long> sustained = register.sustained(sid).stream().map(Ino::value).toList();
    if (!sustained.isEmpty()) {
      members.put("Sustained", sustained);
    }
    putLocks(members, register.locks(sid));
    return members;
  }

  private static void putLocks(Map<String, Object> members, List<HeldLock> locks) {
    List<Object> flocks = new ArrayList<>();
    List<Object> plocks = new ArrayList<>();
    for (HeldLock held : locks) {
      (held.lock() == null ? flocks : plocks).add(members(held));
    }
    if (!flocks.isEmpty()) {
      members.put("Flocks", flocks);
    }
    if (!plocks.isEmpty()) {
      members.put("Plocks", plocks);
    }
  }

  private static Map<String, Object> members(Session session) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("Sid", session.sid());
    members.put("Expire", Instant.ofEpochSecond(session.expiryUnixSeconds()).toString());
    for (Map.Entry<String, @Nullable Object> fact : session.facts().members().entrySet()) {
      Object value = fact.getValue();
      if (value != null) {
        members.put(fact.getKey(), value);
      }
    }
    return members;
  }

  private static Map<String, Object> members(HeldLock held) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("Inode", held.ino().value());
    members.put("Owner", held.owner().owner());
    members.put("Type", held.exclusive() ? "W" : "R");
    PosixLock range = held.lock();
    if (range != null) {
      members.put("Pid", range.pid());
      members.put("Start", range.start());
      members.put("End", range.end());
    }
    return members;
  }
}
