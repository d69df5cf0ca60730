package io.jfs.meta.dump;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.JsonText;
import io.jfs.meta.model.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The one-line members that a JSON dump has for an inode: exactly the text that the reference
 * writes, member order and omissions included. Metadata spec 8.1.
 */
final class JsonEntry {
  private final Map<Integer, AclRule> rules;

  /** The form of entries whose ACL ids mean {@code rules}. */
  JsonEntry(Map<Integer, AclRule> rules) {
    this.rules = rules;
  }

  /** The type's word in a dump. */
  static String word(FileType type) {
    return switch (type) {
      case REGULAR -> "regular";
      case DIRECTORY -> "directory";
      case SYMLINK -> "symlink";
      case FIFO -> "fifo";
      case BLOCK_DEVICE -> "blockdev";
      case CHAR_DEVICE -> "chardev";
      case SOCKET -> "socket";
    };
  }

  /** All members but {@code entries}. */
  List<String> members(InodeFacts facts) {
    List<String> members = new ArrayList<>();
    members.add("\"attr\": " + attr(facts));
    byte[] target = facts.symlink();
    if (target != null) {
      members.add("\"symlink\": \"" + PercentText.escape(target) + '"');
    }
    if (!facts.xattrs().isEmpty()) {
      members.add("\"xattrs\": " + xattrs(facts));
    }
    addRule(members, "posix_acl_access", facts.attr().accessAcl());
    addRule(members, "posix_acl_default", facts.attr().defaultAcl());
    if (!facts.chunks().isEmpty()) {
      members.add("\"chunks\": " + chunks(facts));
    }
    return members;
  }

  private static String attr(InodeFacts facts) {
    Attr attr = facts.attr();
    StringBuilder out = new StringBuilder(256);
    out.append("{\"inode\":").append(facts.ino());
    addUnlessZero(out, "flags", attr.flags());
    out.append(",\"type\":\"").append(word(attr.type())).append('"');
    add(out, "mode", attr.mode());
    add(out, "uid", Integer.toUnsignedLong(attr.uid()));
    add(out, "gid", Integer.toUnsignedLong(attr.gid()));
    add(out, "atime", attr.atime().seconds());
    add(out, "mtime", attr.mtime().seconds());
    add(out, "ctime", attr.ctime().seconds());
    addUnlessZero(out, "atimensec", attr.atime().nanos());
    addUnlessZero(out, "mtimensec", attr.mtime().nanos());
    addUnlessZero(out, "ctimensec", attr.ctime().nanos());
    add(out, "nlink", Integer.toUnsignedLong(attr.nlink()));
    add(out, "length", attr.isRegular() ? attr.lengthBytes() : 0);
    addUnlessZero(out, "rdev", Integer.toUnsignedLong(attr.rdev()));
    addUnlessZero(out, "tier", attr.tier());
    return out.append('}').toString();
  }

  private static void add(StringBuilder out, String name, long value) {
    out.append(",\"").append(name).append("\":").append(value);
  }

  private static void addUnlessZero(StringBuilder out, String name, long value) {
    if (value != 0) {
      add(out, name, value);
    }
  }

  private static String xattrs(InodeFacts facts) {
    StringBuilder out = new StringBuilder("[");
    facts
        .xattrs()
        .forEach(
            (name, value) ->
                out.append(out.length() == 1 ? "" : ",")
                    .append("{\"name\":")
                    .append(JsonText.compact(new String(name.bytes(), StandardCharsets.UTF_8)))
                    .append(",\"value\":")
                    .append(JsonText.compact(PercentText.escape(value)))
                    .append('}'));
    return out.append(']').toString();
  }

  private static String chunks(InodeFacts facts) {
    StringBuilder out = new StringBuilder("[");
    facts
        .chunks()
        .forEach(
            (index, slices) -> {
              out.append(out.length() == 1 ? "" : ",");
              out.append("{\"index\":").append(Integer.toUnsignedString(index));
              out.append(",\"slices\":[");
              String separator = "";
              for (Slice slice : slices) {
                out.append(separator).append("{\"id\":").append(slice.id());
                addUnlessZero(out, "pos", Integer.toUnsignedLong(slice.pos()));
                add(out, "size", Integer.toUnsignedLong(slice.size()));
                addUnlessZero(out, "off", Integer.toUnsignedLong(slice.off()));
                add(out, "len", Integer.toUnsignedLong(slice.len()));
                out.append('}');
                separator = ",";
              }
              out.append("]}");
            });
    return out.append(']').toString();
  }

  private void addRule(List<String> members, String name, int id) {
    AclRule rule = rules.get(id);
    if (rule != null) {
      members.add(
          "\"%s\": {\"owner\":%d,\"group\":%d,\"other\":%d,\"mask\":%d,\"users\":%s,\"groups\":%s}"
              .formatted(
                  name,
                  rule.owner(),
                  rule.group(),
                  rule.other(),
                  rule.mask(),
                  named(rule.namedUsers()),
                  named(rule.namedGroups())));
    }
  }

  private static String named(List<AclRule.Named> entries) {
    if (entries.isEmpty()) {
      return "null";
    }
    List<String> texts = new ArrayList<>();
    for (AclRule.Named entry : entries) {
      texts.add(
          "{\"id\":%d,\"perm\":%d}".formatted(Integer.toUnsignedLong(entry.id()), entry.perm()));
    }
    return "[" + String.join(",", texts) + "]";
  }
}
