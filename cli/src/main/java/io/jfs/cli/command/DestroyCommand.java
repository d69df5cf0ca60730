package io.jfs.cli.command;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.DataStore;
import io.jfs.cli.admin.Confirmation;
import io.jfs.cli.admin.ObjectDeletion;
import io.jfs.cli.admin.StoredObjects;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeAdmin.LivingSession;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.txn.Engine;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code jfs destroy}: deletes a volume, its objects first and its metadata last, so that a run
 * that was broken off can be done again.
 */
final class DestroyCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(DestroyCommand.class);
  private static final int DELETERS = 8;

  private static final Option<Boolean> YES = Option.flag("yes y", "do not ask");
  private static final Option<Boolean> FORCE =
      Option.flag(
          "force", "do not ask, and destroy the volume under clients and without its objects");

  @Override
  public String name() {
    return "destroy";
  }

  @Override
  public String summary() {
    return "Delete a volume with all its data.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL", "UUID");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("DESTROY", YES, FORCE));
  }

  @Override
  public String explanation() {
    return """
        Deletes every object below the volume's name in its bucket and then all metadata at META-URL
        (on Redis: the whole logical database). UUID is the volume's id, as jfs status shows it: it
        must match, so that nobody destroys the wrong one. Refused while the volume is mounted.
        A run that was interrupted is done again with the same command.
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException {
    Options options = invocation.options();
    String uuid = invocation.arguments().get(1);
    boolean force = options.get(FORCE);
    try (Engine engine = Engines.open(invocation.arguments().get(0), System.getenv())) {
      log.info("Meta address: {}", engine.describe());
      VolumeAdmin admin = new VolumeAdmin(engine);
      Format format = admin.load();
      if (!format.uuid().equals(uuid)) {
        throw new CommandException("UUID \"" + uuid + "\" != expected \"" + format.uuid() + "\"");
      }
      if (!force) {
        requireNobody(admin.livingSessions());
      }
      try (ObjectStore store = DataStore.open(format)) {
        show(engine, store, format, invocation.out());
        new Confirmation(invocation.out(), System.in, force || options.get(YES)).requireYes();
        deleteObjects(store, force);
      }
      admin.destroy(uuid);
    } catch (FormatException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
    log.info("The volume has been destroyed! You may need to delete cache directory manually.");
    return 0;
  }

  private static void requireNobody(List<LivingSession> sessions) throws CommandException {
    if (!sessions.isEmpty()) {
      StringBuilder who = new StringBuilder();
      for (LivingSession session : sessions) {
        who.append(who.length() == 0 ? "" : ", ")
            .append("%d (%s %s)".formatted(session.sid(), session.host(), session.mountPoint()));
      }
      throw new CommandException(
          sessions.size() + " sessions are active, please disconnect them first: " + who);
    }
  }

  private static void show(Engine engine, ObjectStore store, Format format, PrintStream out) {
    VolumeAdmin.Totals totals = new VolumeAdmin(engine).totals();
    out.println(" volume name: " + format.name());
    out.println(" volume UUID: " + format.uuid());
    out.println("data storage: " + store.describe());
    out.println("  used bytes: " + totals.spaceBytes());
    out.println(" used inodes: " + totals.inodes());
    out.println("WARNING: The target volume will be permanently destroyed, including:");
    out.println("WARNING: 1. ALL objects in the data storage: " + store.describe());
    out.println("WARNING: 2. ALL entries in the metadata engine: " + engine.describe());
  }

  private static void deleteObjects(ObjectStore store, boolean force)
      throws IOException, CommandException {
    Set<String> folders = new TreeSet<>(Comparator.reverseOrder());
    try (Progress progress = Progress.onStandardError()) {
      Counter deleted = progress.spinner("Deleted objects", Unit.COUNT);
      try (ObjectDeletion deletion = new ObjectDeletion(store, DELETERS, deleted::increment)) {
        StoredObjects objects = new StoredObjects(store, "");
        for (ObjectInfo object = objects.next(); object != null; object = objects.next()) {
          addFolders(object.key(), folders);
          deletion.add(object.key());
        }
        long failures = deletion.finish();
        if (failures > 0) {
          throw new CommandException(
              failures + " objects could not be deleted; the metadata is kept, try again");
        }
      }
      log.info("{}", deleted.summary());
    } catch (IOException e) {
      if (!force) {
        throw e;
      }
      log.warn("objects stay in {}: {}", store.describe(), e.getMessage());
    }
    folders.forEach(folder -> deleteFolder(store, folder));
  }

  private static void addFolders(String key, Set<String> folders) {
    for (int slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      if (!folders.add(key.substring(0, slash + 1))) {
        return;
      }
    }
  }

  /** Only stores that have folders of their own care; an empty one left behind does no harm. */
  private static void deleteFolder(ObjectStore store, String folder) {
    try {
      store.delete(folder);
    } catch (IOException e) {
      log.debug("folder {} stays: {}", folder, e.getMessage());
    }
  }
}
