package io.jfs.cli.admin;

import io.jfs.cli.command.CommandException;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.QuotaOptions;
import io.jfs.cli.option.UsageException;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a quota is of: a directory, a user or a group.
 *
 * @param kind which of the three
 * @param path absolute, of a directory; "" otherwise
 * @param id of a user or group; 0 otherwise
 */
public record QuotaSubject(Kind kind, String path, long id) {
  private static final long LARGEST_ID = 0xFFFF_FFFEL;

  /**
   * The one that the options name; null if they name none.
   *
   * @throws UsageException if they name two, or one that cannot be
   */
  public static @Nullable QuotaSubject of(Options options) throws UsageException {
    List<Option<?>> given =
        Stream.<Option<?>>of(QuotaOptions.UID, QuotaOptions.GID, QuotaOptions.PATH)
            .filter(options::has)
            .toList();
    if (given.size() > 1) {
      throw new UsageException(
          "Cannot specify both --"
              + given.get(0).name()
              + " and --"
              + given.get(1).name()
              + " at the same time");
    }
    if (given.isEmpty()) {
      return null;
    }
    if (options.has(QuotaOptions.PATH)) {
      return new QuotaSubject(Kind.DIRECTORY, absolute(options.get(QuotaOptions.PATH)), 0);
    }
    return options.has(QuotaOptions.UID)
        ? new QuotaSubject(Kind.USER, "", id(options, QuotaOptions.UID))
        : new QuotaSubject(Kind.GROUP, "", id(options, QuotaOptions.GID));
  }

  private static long id(Options options, Option<Long> option) throws UsageException {
    long id = options.get(option);
    if (id <= 0 || id > LARGEST_ID) {
      throw new UsageException("Invalid --" + option.name() + ": " + id + " is not allowed");
    }
    return id;
  }

  private static String absolute(String path) throws UsageException {
    if (!path.startsWith("/")) {
      throw new UsageException("--path: \"" + path + "\" is not absolute");
    }
    return Arrays.stream(path.split("/"))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("/", "/", ""));
  }

  /**
   * The quota's key in a volume.
   *
   * @throws CommandException if there is no such directory
   */
  public QuotaKey key(Meta meta) throws CommandException {
    return new QuotaKey(kind, kind == Kind.DIRECTORY ? directory(meta).value() : id);
  }

  private Ino directory(Meta meta) throws CommandException {
    try {
      Ino at = Ino.ROOT;
      for (String part : path.split("/")) {
        if (!part.isEmpty()) {
          at = step(meta, at, Name.of(part.getBytes(StandardCharsets.UTF_8)));
        }
      }
      return at;
    } catch (FsException e) {
      throw new CommandException("resolve dir " + path + ": " + e.getMessage(), e);
    }
  }

  private static Ino step(Meta meta, Ino parent, Name name) throws FsException {
    Entry entry = meta.lookup(Caller.ROOT, parent, name);
    if (entry == null) {
      throw Errno.ENOENT.exception();
    }
    if (!entry.attr().isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    return entry.ino();
  }

  /** What it is called in messages and in a list of all kinds. */
  public String label() {
    return switch (kind) {
      case DIRECTORY -> path;
      case USER -> "uid:" + id;
      case GROUP -> "gid:" + id;
    };
  }

  /** What it is called in a table of its own kind. */
  public String shortLabel() {
    return kind == Kind.DIRECTORY ? path : Long.toString(id);
  }

  /** What stands over it in a table of its own kind. */
  public String title() {
    return switch (kind) {
      case DIRECTORY -> "Path";
      case USER -> "User ID";
      case GROUP -> "Group ID";
    };
  }
}
