package io.jfs.meta.dump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.txn.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads a JSON dump (metadata spec 8.1) into an empty database, in memory that depends on the depth
 * of the tree only. A load that fails leaves the database empty; one that is killed is started over
 * by the next.
 */
public final class JsonLoad {
  private final Engine engine;
  private final int threads;
  private final Runnable progress;
  private @Nullable Format format;

  /**
   * A load to be run.
   *
   * @param threads that write
   * @param progress told of every entry
   */
  public JsonLoad(Engine engine, int threads, Runnable progress) {
    this.engine = engine;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Loads everything.
   *
   * @return the volume's setting
   * @throws FormatException the database is not empty, or this is no dump
   * @throws IOException of {@code in}
   */
  public Format load(InputStream in) throws FormatException, IOException {
    LoadTarget target = new LoadTarget(engine);
    boolean done = false;
    try (BulkWriter out = target.writer(threads);
        TreeLoad tree = new TreeLoad(out);
        JsonParser json = parser(in)) {
      readDump(json, tree);
      Format loaded = format;
      if (loaded == null) {
        throw new FormatException("the dump has no Setting");
      }
      tree.finish(target);
      target.finish(loaded);
      done = true;
      return loaded;
    } catch (JsonProcessingException e) {
      throw new FormatException(
          "not a JSON dump: "
              + e.getOriginalMessage()
              + " at "
              + e.getLocation().offsetDescription());
    } finally {
      if (!done) {
        target.abandon();
      }
    }
  }

  /** Names of entries must not be collected, and trees may be deep. */
  private static JsonParser parser(InputStream in) throws IOException {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
        .build()
        .createParser(in);
  }

  private void readDump(JsonParser json, TreeLoad tree) throws FormatException, IOException {
    JsonValues.expect(json.nextToken(), JsonToken.START_OBJECT, "the dump");
    boolean hasTree = false;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      switch (member) {
        case "Setting" -> readSetting(json, tree);
        case "DelFiles" -> readDeletedFiles(json, tree);
        case "Quotas" -> readQuotas(json, tree, QuotaKey.Kind.DIRECTORY, hasTree);
        case "UserQuotas" -> readQuotas(json, tree, QuotaKey.Kind.USER, hasTree);
        case "GroupQuotas" -> readQuotas(json, tree, QuotaKey.Kind.GROUP, hasTree);
        case "FSTree", "Trash" -> {
          if (format == null) {
            throw new FormatException("the dump has no Setting before " + member);
          }
          Ino root = member.equals("FSTree") ? Ino.ROOT : Ino.TRASH_ROOT;
          new JsonTree(json, tree, progress).read(root);
          hasTree = true;
        }
        default -> json.skipChildren();
      }
    }
    if (!hasTree) {
      throw new FormatException("the dump has no FSTree");
    }
  }

  private void readSetting(JsonParser json, TreeLoad tree) throws FormatException, IOException {
    JsonValues.expect(json.currentToken(), JsonToken.START_OBJECT, "Setting");
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (JsonGenerator generator = new JsonFactory().createGenerator(copy)) {
      generator.copyCurrentStructure(json);
    }
    Format read = FormatJson.parse(copy.toByteArray());
    LoadTarget.requireUsable(read);
    if (read.flag("UserGroupQuota")) {
      tree.countOwners();
    }
    format = read;
  }

  private static void readDeletedFiles(JsonParser json, TreeLoad tree)
      throws FormatException, IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    JsonValues.expect(json.currentToken(), JsonToken.START_ARRAY, "DelFiles");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Map<String, Long> file = JsonValues.numbers(json, "DelFiles");
      tree.deletedFile(
          new Ino(file.getOrDefault("inode", 0L)),
          file.getOrDefault("length", 0L),
          file.getOrDefault("expire", 0L));
    }
  }

  private static void readQuotas(
      JsonParser json, TreeLoad tree, QuotaKey.Kind kind, boolean tooLate)
      throws FormatException, IOException {
    if (tooLate) {
      throw new FormatException("the dump has quotas behind FSTree");
    }
    JsonValues.expect(json.currentToken(), JsonToken.START_OBJECT, "quotas");
    Map<QuotaKey, QuotaLimits> quotas = new HashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      long id = JsonValues.unsigned(json.currentName());
      json.nextToken();
      Map<String, Long> limits = JsonValues.numbers(json, "quotas");
      quotas.put(
          new QuotaKey(kind, id),
          new QuotaLimits(
              limits.getOrDefault("maxSpace", 0L), limits.getOrDefault("maxInodes", 0L)));
    }
    quotas.forEach(tree::quota);
  }
}
