package io.jfs.vfs.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.txn.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code summary}: what uses the space below a directory, the biggest first, as JSON. */
final class SummaryCommand implements ControlCommand {
  private static final int PAGE = 1000;
  private static final int DEFAULT_DEPTH = 3;
  private static final int DEFAULT_TOP = 10;

  private final Meta meta;

  SummaryCommand(Meta meta) {
    this.meta = meta;
  }

  @Override
  public int opcode() {
    return 1007;
  }

  /** One line of the summary; children are shown only down to the depth asked for. */
  private static final class Usage {
    private final Ino ino;
    private final String path;
    private final int type;
    private long size;
    private long files;
    private long dirs;
    private @Nullable List<Usage> children;

    Usage(Ino ino, String path, int type) {
      this.ino = ino;
      this.path = path;
      this.type = type;
    }

    void add(Usage other) {
      size += other.size;
      files += other.files;
      dirs += other.dirs;
    }
  }

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply)
      throws FsException, IOException {
    Ino ino = new Ino(payload.getLong());
    int depth = payload.hasRemaining() ? payload.get() & 0xff : DEFAULT_DEPTH;
    int top = payload.hasRemaining() ? payload.get() & 0xff : DEFAULT_TOP;
    try {
      Usage tree = usage(caller, ino, "", meta.getAttr(ino), new Limits(depth, top), reply);
      reply.data(Json.write(json -> write(json, 0, tree)));
    } catch (FsException e) {
      Usage nothing = new Usage(ino, "", FileType.DIRECTORY.code());
      reply.data(Json.write(json -> write(json, e.errno().number(), nothing)));
    }
  }

  private record Limits(int depth, int top) {
    Limits below() {
      return new Limits(depth - 1, top);
    }
  }

  private Usage usage(
      Caller caller, Ino ino, String path, Attr attr, Limits limits, ControlReply reply)
      throws FsException {
    // The top is shown as a directory even if it is a file.
    FileType type = path.isEmpty() ? FileType.DIRECTORY : attr.type();
    Usage usage = new Usage(ino, path, type.code());
    usage.size = attr.usedSpaceBytes();
    usage.files = attr.isDirectory() ? 0 : 1;
    usage.dirs = attr.isDirectory() ? 1 : 0;
    reply.advance(1, usage.size);
    if (attr.isDirectory()) {
      List<Usage> children = addChildren(caller, usage, limits, reply);
      usage.children = limits.depth > 0 ? biggest(children, path, limits.top) : null;
    }
    return usage;
  }

  private List<Usage> addChildren(Caller caller, Usage directory, Limits limits, ControlReply reply)
      throws FsException {
    List<Usage> children = new ArrayList<>();
    Object from = null;
    do {
      Page<DirEntry> page = meta.readdir(caller, directory.ino, from, PAGE, true);
      for (DirEntry entry : page.rows()) {
        Attr attr = entry.attr();
        if (attr != null) {
          String path = join(directory.path, entry.name().toString());
          Usage child = usage(caller, entry.dentry().ino(), path, attr, limits.below(), reply);
          directory.add(child);
          if (limits.depth > 0) {
            children.add(child);
          }
        }
      }
      from = page.next();
    } while (from != null);
    return children;
  }

  private static String join(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  private static List<Usage> biggest(List<Usage> children, String path, int top) {
    children.sort(Comparator.comparingLong((Usage child) -> child.size).reversed());
    if (children.size() <= top) {
      return children;
    }
    Usage rest = new Usage(Ino.NONE, join(path, "..."), 1);
    children.subList(top, children.size()).forEach(rest::add);
    List<Usage> shown = new ArrayList<>(children.subList(0, top));
    shown.add(rest);
    return shown;
  }

  private static void write(JsonGenerator json, int errno, Usage tree) throws IOException {
    json.writeStartObject();
    json.writeNumberField("Errno", errno);
    json.writeFieldName("Tree");
    writeUsage(json, tree);
    json.writeEndObject();
  }

  private static void writeUsage(JsonGenerator json, Usage usage) throws IOException {
    json.writeStartObject();
    json.writeNumberField("Inode", usage.ino.value());
    json.writeStringField("Path", usage.path);
    json.writeNumberField("Type", usage.type);
    json.writeNumberField("Size", usage.size);
    json.writeNumberField("Files", usage.files);
    json.writeNumberField("Dirs", usage.dirs);
    List<Usage> children = usage.children;
    if (children != null && !children.isEmpty()) {
      json.writeArrayFieldStart("Children");
      for (Usage child : children) {
        writeUsage(json, child);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
