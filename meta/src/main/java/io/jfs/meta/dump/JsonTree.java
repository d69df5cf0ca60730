package io.jfs.meta.dump;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads FSTree or Trash of a dump, without recursion: trees may be deep. */
final class JsonTree {
  private final JsonParser json;
  private final TreeLoad tree;
  private final Runnable progress;
  private final Deque<Open> open = new ArrayDeque<>();
  private Ino root = Ino.ROOT;

  JsonTree(JsonParser json, TreeLoad tree, Runnable progress) {
    this.json = json;
    this.tree = tree;
    this.progress = progress;
  }

  /** An object that is not read to its end. */
  private static final class Open {
    final LoadedInode inode;
    boolean inEntries;

    Open(LoadedInode inode) {
      this.inode = inode;
    }
  }

  /**
   * Reads the object that the parser is at. Its top becomes {@code root}, whatever it was in the
   * volume: it may be a subdirectory.
   */
  void read(Ino asRoot) throws FormatException, IOException {
    root = asRoot;
    begin(new LoadedInode(null, Name.stored(new byte[0])));
    while (!open.isEmpty()) {
      Open current = open.element();
      JsonToken token = json.nextToken();
      if (token == JsonToken.END_OBJECT && current.inEntries) {
        current.inEntries = false;
      } else if (token == JsonToken.END_OBJECT) {
        end(open.pop().inode);
      } else if (current.inEntries) {
        byte[] name = PercentText.unescape(json.currentName());
        json.nextToken();
        begin(new LoadedInode(current.inode, Name.stored(name)));
        progress.run();
      } else {
        readMember(current);
      }
    }
  }

  private void begin(LoadedInode inode) throws FormatException {
    JsonValues.expect(json.currentToken(), JsonToken.START_OBJECT, inode.name.toString());
    open.push(new Open(inode));
  }

  private void end(LoadedInode inode) throws FormatException {
    requireAttr(inode);
    tree.end(inode);
  }

  private static Attr requireAttr(LoadedInode inode) throws FormatException {
    if (inode.attr == null) {
      throw new FormatException("the dump has an entry " + inode.name + " without attr");
    }
    return Objects.requireNonNull(inode.attr);
  }

  private void readMember(Open current) throws FormatException, IOException {
    LoadedInode inode = current.inode;
    String member = json.currentName();
    json.nextToken();
    switch (member) {
      case "attr" -> readAttr(inode);
      case "symlink" -> inode.symlink = PercentText.unescape(json.getText());
      case "xattrs" -> readXattrs(inode);
      case "posix_acl_access" -> inode.accessRule = readRule();
      case "posix_acl_default" -> inode.defaultRule = readRule();
      case "chunks" -> readChunks(inode);
      case "entries" -> {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
          if (!requireAttr(inode).isDirectory()) {
            throw new FormatException("inode " + inode.ino + " has entries and is no directory");
          }
          JsonValues.expect(json.currentToken(), JsonToken.START_OBJECT, "entries");
          current.inEntries = true;
        }
      }
      default -> json.skipChildren();
    }
  }

  private void readAttr(LoadedInode inode) throws FormatException, IOException {
    JsonValues.expect(json.currentToken(), JsonToken.START_OBJECT, "attr");
    Fields fields = new Fields();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("type")) {
        fields.type = type(json.getText());
      } else if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        fields.numbers.put(name, json.getBigIntegerValue().longValue());
      } else {
        json.skipChildren();
      }
    }
    inode.ino = inode.directory == null ? root : new Ino(fields.get("inode"));
    inode.attr = fields.attr();
    boolean isTop = inode.directory == null;
    if (inode.ino.value() <= 0 || (isTop && fields.type != FileType.DIRECTORY)) {
      throw new FormatException("the dump has no valid attr of entry " + inode.name);
    }
    tree.begin(inode);
  }

  /** Attributes while they are read. */
  private static final class Fields {
    final Map<String, Long> numbers = new HashMap<>();
    FileType type = FileType.REGULAR;

    long get(String name) {
      return numbers.getOrDefault(name, 0L);
    }

    int number(String name) {
      return (int) get(name);
    }

    Timestamp time(String name) {
      return new Timestamp(get(name), number(name + "nsec"));
    }

    Attr attr() {
      return new Attr(
          type,
          number("flags"),
          number("mode") & 07777,
          number("uid"),
          number("gid"),
          time("atime"),
          time("mtime"),
          time("ctime"),
          number("nlink"),
          get("length"),
          number("rdev"),
          Ino.NONE,
          0,
          0,
          number("tier"));
    }
  }

  private static FileType type(String word) throws FormatException {
    for (FileType type : FileType.values()) {
      if (JsonEntry.word(type).equals(word)) {
        return type;
      }
    }
    throw new FormatException("the dump has an inode of unknown type \"" + word + "\"");
  }

  private void readXattrs(LoadedInode inode) throws FormatException, IOException {
    JsonValues.expect(json.currentToken(), JsonToken.START_ARRAY, "xattrs");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String name = "";
      byte[] value = {};
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String member = json.currentName();
        json.nextToken();
        if (member.equals("name")) {
          name = json.getText();
        } else if (member.equals("value")) {
          value = PercentText.unescape(json.getText());
        } else {
          json.skipChildren();
        }
      }
      inode.xattrs.put(Name.stored(name.getBytes(StandardCharsets.UTF_8)), value);
    }
  }

  private AclRule readRule() throws FormatException, IOException {
    JsonValues.expect(json.currentToken(), JsonToken.START_OBJECT, "posix_acl");
    Fields fields = new Fields();
    List<AclRule.Named> users = new ArrayList<>();
    List<AclRule.Named> groups = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      JsonToken token = json.nextToken();
      if (token == JsonToken.START_ARRAY) {
        readNamed(member.equals("users") ? users : groups);
      } else if (token == JsonToken.VALUE_NUMBER_INT) {
        fields.numbers.put(member, json.getLongValue());
      }
    }
    return new AclRule(
        fields.number("owner"),
        fields.number("group"),
        fields.number("mask"),
        fields.number("other"),
        users,
        groups);
  }

  private void readNamed(List<AclRule.Named> into) throws FormatException, IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Map<String, Long> entry = JsonValues.numbers(json, "posix_acl");
      into.add(
          new AclRule.Named(
              (int) (long) entry.getOrDefault("id", 0L),
              (int) (long) entry.getOrDefault("perm", 0L)));
    }
  }

  private void readChunks(LoadedInode inode) throws FormatException, IOException {
    requireAttr(inode);
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    JsonValues.expect(json.currentToken(), JsonToken.START_ARRAY, "chunks");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int index = 0;
      List<Slice> slices = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String member = json.currentName();
        JsonToken token = json.nextToken();
        if (member.equals("index")) {
          index = (int) json.getLongValue();
        } else if (token == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            slices.add(slice(JsonValues.numbers(json, "slices")));
          }
        }
      }
      tree.chunk(inode, index, slices);
    }
  }

  /** Older dumps say chunkid. */
  private static Slice slice(Map<String, Long> members) {
    long id = members.getOrDefault("id", members.getOrDefault("chunkid", 0L));
    return new Slice(
        (int) (long) members.getOrDefault("pos", 0L),
        id,
        (int) (long) members.getOrDefault("size", 0L),
        (int) (long) members.getOrDefault("off", 0L),
        (int) (long) members.getOrDefault("len", 0L));
  }
}
