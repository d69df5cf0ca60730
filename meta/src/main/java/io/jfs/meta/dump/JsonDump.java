package io.jfs.meta.dump;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.JsonText;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.spill.SortedRows;
import io.jfs.meta.spill.SpillSort;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a volume's metadata as the JSON of metadata spec 8.1, byte for byte as the reference does,
 * entries sorted by name, in memory that depends on the depth of the tree only. What others change
 * meanwhile is in it or not, entry by entry.
 */
public final class JsonDump {
  private static final int PAGE = 1000;
  private static final long SORT_BYTES = 4 << 20;
  private static final String STEP = "  ";

  private final Engine engine;
  private final DumpOptions options;
  private final Runnable progress;

  /**
   * A dump to be written.
   *
   * @param progress told of every entry
   */
  public JsonDump(Engine engine, DumpOptions options, Runnable progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Writes everything.
   *
   * @throws FormatException no volume; no such directory
   * @throws IOException of {@code out}
   */
  public void write(Writer out) throws FormatException, IOException {
    Format format = DumpSetting.of(engine, options);
    Ino root = SubPath.resolve(engine, options.subdirectory());
    out.write("{\n");
    member(out, "Setting", format.members());
    member(out, "Counters", counters());
    member(out, "Sustained", sustained());
    writeDeletedFiles(out);
    writeQuotas(out, "Quotas", QuotaKey.Kind.DIRECTORY);
    writeQuotas(out, "UserQuotas", QuotaKey.Kind.USER);
    writeQuotas(out, "GroupQuotas", QuotaKey.Kind.GROUP);
    try (TreeWalk walk = new TreeWalk(engine, options.threads())) {
      JsonEntry form = new JsonEntry(aclRules());
      InodeFacts top = walk.facts(root);
      if (top == null) {
        throw new FormatException("directory inode " + root + " has no attributes");
      }
      writeTree(out, "FSTree", walk, form, top);
      InodeFacts trash =
          options.skipTrash() || !root.equals(Ino.ROOT) ? null : walk.facts(Ino.TRASH_ROOT);
      if (trash != null) {
        out.write(",\n");
        writeTree(out, "Trash", walk, form, trash);
      }
    }
    out.write("\n}\n");
    out.flush();
  }

  // ---- before the tree ----

  private static void member(Writer out, String name, @Nullable Object value) throws IOException {
    String text = JsonText.of(Map.of(name, value == null ? Map.of() : value), STEP);
    out.write(text, 2, text.length() - 4);
    out.write(",\n");
  }

  private Map<String, Object> counters() {
    Ref space = new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY);
    Ref inodes = new Ref.OfCounter<>(Records.USED_INODES, Volume.KEY);
    Map<Ref, Observed> seen = engine.fetch(List.of(space, inodes));
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("usedSpace", number(seen.get(space)));
    counters.put("usedInodes", number(seen.get(inodes)));
    counters.put("nextInodes", engine.peek(Sequence.INODE));
    counters.put("nextChunk", engine.peek(Sequence.SLICE));
    counters.put("nextSession", engine.peek(Sequence.SESSION) - 1);
    counters.put("nextTrash", engine.peek(Sequence.TRASH_DIR) - 1);
    return counters;
  }

  private static long number(@Nullable Observed observed) {
    return observed != null && observed.value() instanceof long[] numbers ? numbers[0] : 0;
  }

  private List<Object> sustained() {
    TreeMap<Long, TreeSet<Long>> held = new TreeMap<>();
    each(
        from -> engine.scan(Records.SUSTAINED, from, PAGE),
        row ->
            held.computeIfAbsent(row.key(), sid -> new TreeSet<>()).add(row.value().key().value()));
    List<Object> sessions = new ArrayList<>();
    held.forEach(
        (sid, inodes) -> {
          Map<String, Object> session = new LinkedHashMap<>();
          session.put("sid", sid);
          session.put("inodes", List.copyOf(inodes));
          sessions.add(session);
        });
    return sessions;
  }

  /** By time and then by name, as a sorted set of the reference lists them; there may be many. */
  private void writeDeletedFiles(Writer out) throws IOException {
    try (SpillSort sort = new SpillSort(SORT_BYTES)) {
      each(
          from -> engine.list(Records.DELETED_FILE, Volume.KEY, from, PAGE),
          row -> {
            String name = row.key().ino() + ":" + row.key().lengthBytes();
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            sort.add(ByteBuffer.allocate(8 + bytes.length).putLong(row.value()).put(bytes).array());
          });
      out.write("  \"DelFiles\": [");
      String separator = "\n";
      try (SortedRows rows = sort.sorted()) {
        for (byte[] row = rows.next(); row != null; row = rows.next()) {
          String name = new String(row, 8, row.length - 8, StandardCharsets.US_ASCII);
          int colon = name.indexOf(':');
          out.write(separator);
          out.write("    {\n      \"inode\": " + name.substring(0, colon));
          out.write(",\n      \"length\": " + name.substring(colon + 1));
          out.write(",\n      \"expire\": " + ByteBuffer.wrap(row).getLong() + "\n    }");
          separator = ",\n";
        }
      }
      out.write(separator.equals("\n") ? "],\n" : "\n  ],\n");
    }
  }

  private void writeQuotas(Writer out, String name, QuotaKey.Kind kind) throws IOException {
    Map<String, Object> quotas = new TreeMap<>();
    each(
        from -> engine.scan(Records.QUOTA, from, PAGE),
        row -> {
          QuotaLimits limits = row.value();
          boolean limitsNothing = limits.maxSpaceBytes() < 0 && limits.maxInodes() < 0;
          if (row.key().kind() == kind && (kind == QuotaKey.Kind.DIRECTORY || !limitsNothing)) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("maxSpace", limits.maxSpaceBytes());
            shown.put("maxInodes", limits.maxInodes());
            quotas.put(Long.toUnsignedString(row.key().id()), shown);
          }
        });
    if (!quotas.isEmpty()) {
      member(out, name, quotas);
    }
  }

  private Map<Integer, AclRule> aclRules() {
    Map<Integer, AclRule> rules = new HashMap<>();
    each(from -> engine.scan(Records.ACL, from, PAGE), row -> rules.put(row.key(), row.value()));
    return rules;
  }

  private static <R> void each(Function<@Nullable Object, Page<R>> pages, Consumer<R> sink) {
    Object from = null;
    do {
      Page<R> page = pages.apply(from);
      page.rows().forEach(sink);
      from = page.next();
    } while (from != null);
  }

  // ---- the tree ----

  private void writeTree(Writer out, String name, TreeWalk walk, JsonEntry form, InodeFacts top)
      throws IOException {
    out.write("  \"" + name + "\": {\n");
    TreeText text = new TreeText(out, form);
    text.begin(top);
    walk.visit(top.ino(), text);
    text.leave();
  }

  /** Entries as nested objects; a directory's are behind its own members. */
  private final class TreeText implements TreeWalk.Visitor {
    private final Writer out;
    private final JsonEntry form;
    private int depth = 2;
    private boolean isFirst;

    TreeText(Writer out, JsonEntry form) {
      this.out = out;
      this.form = form;
    }

    @Override
    public void leaf(Name name, InodeFacts facts) throws IOException {
      open(name);
      members(facts, "\n");
      depth--;
      indent();
      out.write('}');
    }

    @Override
    public void enter(Name name, InodeFacts facts) throws IOException {
      open(name);
      begin(facts);
    }

    void begin(InodeFacts facts) throws IOException {
      members(facts, ",\n");
      indent();
      out.write("\"entries\": {");
      depth++;
      isFirst = true;
    }

    @Override
    public void leave() throws IOException {
      out.write('\n');
      depth--;
      indent();
      out.write("}\n");
      depth--;
      indent();
      out.write('}');
      isFirst = false;
    }

    private void open(Name name) throws IOException {
      out.write(isFirst ? "\n" : ",\n");
      isFirst = false;
      indent();
      out.write('"');
      out.write(PercentText.escape(name.bytes()));
      out.write("\": {\n");
      depth++;
      progress.run();
    }

    private void members(InodeFacts facts, String end) throws IOException {
      String separator = "";
      for (String member : form.members(facts)) {
        out.write(separator);
        indent();
        out.write(member);
        separator = ",\n";
      }
      out.write(end);
    }

    private void indent() throws IOException {
      for (int i = 0; i < depth; i++) {
        out.write(STEP);
      }
    }
  }
}
