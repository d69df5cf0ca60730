package io.jfs.vfs.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code info}: an inode's sums, path and objects, as JSON. */
final class InfoCommand implements ControlCommand {
  private final Inspection inspection;

  InfoCommand(Inspection inspection) {
    this.inspection = inspection;
  }

  @Override
  public int opcode() {
    return 1005;
  }

  /** What a file's content is shown as. */
  private enum Detail {
    OBJECTS,
    SLICES
  }

  private record Question(Caller caller, Ino ino, Tree.Reach reach, Detail detail) {}

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply) throws IOException {
    Ino ino = new Ino(payload.getLong());
    boolean recursive = !payload.hasRemaining() || payload.get() != 0;
    boolean raw = payload.hasRemaining() && payload.get() != 0;
    Question question =
        new Question(
            caller,
            ino,
            recursive ? Tree.Reach.ALL : Tree.Reach.CHILDREN,
            raw ? Detail.SLICES : Detail.OBJECTS);
    reply.data(Json.write(json -> write(json, question, reply)));
  }

  private void write(JsonGenerator json, Question question, ControlReply reply) throws IOException {
    json.writeStartObject();
    json.writeNumberField("Ino", question.ino.value());
    try {
      writeFound(json, question, reply);
    } catch (FsException e) {
      json.writeBooleanField("Failed", true);
      json.writeStringField("Reason", e.errno().text());
    }
    json.writeEndObject();
  }

  /** Asks for everything before it writes anything: a refusal must not come in the middle. */
  private void writeFound(JsonGenerator json, Question question, ControlReply reply)
      throws FsException, IOException {
    Ino ino = question.ino;
    Attr attr = inspection.attr(ino);
    Inspection.Sums sums = inspection.sums(question.caller, ino, question.reach, reply);
    String path = inspection.path(ino);
    boolean slices = question.detail == Detail.SLICES;
    List<Inspection.ListedSlice> records =
        slices && attr.isRegular() ? inspection.records(ino, attr) : null;
    List<Inspection.Part> objects =
        !slices && attr.isRegular() ? inspection.objects(ino, attr) : null;
    json.writeBooleanField("Failed", false);
    json.writeStringField("Reason", "");
    writeSums(json, sums);
    writePaths(json, path);
    writeRecords(json, records);
    writeObjects(json, objects);
    writeRest(json, attr);
  }

  private static void writeSums(JsonGenerator json, Inspection.Sums sums) throws IOException {
    json.writeObjectFieldStart("Summary");
    json.writeNumberField("Length", sums.length());
    json.writeNumberField("Size", sums.size());
    json.writeNumberField("Files", sums.files());
    json.writeNumberField("Dirs", sums.dirs());
    json.writeEndObject();
  }

  private static void writePaths(JsonGenerator json, @Nullable String path) throws IOException {
    json.writeArrayFieldStart("Paths");
    if (path != null) {
      json.writeString(path);
    }
    json.writeEndArray();
  }

  private static void writeRecords(
      JsonGenerator json, @Nullable List<Inspection.ListedSlice> records) throws IOException {
    if (records == null) {
      json.writeNullField("Chunks");
      return;
    }
    json.writeArrayFieldStart("Chunks");
    for (Inspection.ListedSlice record : records) {
      Slice slice = record.slice();
      json.writeStartObject();
      json.writeNumberField("ChunkIndex", record.chunk());
      json.writeNumberField("Id", slice.id());
      json.writeNumberField("Size", slice.size());
      json.writeNumberField("Off", slice.off());
      json.writeNumberField("Len", slice.len());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeObjects(JsonGenerator json, @Nullable List<Inspection.Part> objects)
      throws IOException {
    if (objects == null) {
      json.writeNullField("Objects");
      return;
    }
    json.writeArrayFieldStart("Objects");
    for (Inspection.Part part : objects) {
      json.writeStartObject();
      json.writeNumberField("ChunkIndex", part.chunk());
      json.writeStringField("Key", part.key());
      json.writeNumberField("Size", part.size());
      json.writeNumberField("Off", part.off());
      json.writeNumberField("Len", part.len());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeRest(JsonGenerator json, Attr attr) throws IOException {
    for (String locks : new String[] {"PLocks", "FLocks"}) {
      json.writeArrayFieldStart(locks);
      json.writeEndArray();
    }
    json.writeObjectFieldStart("Tier");
    json.writeNumberField("ID", attr.tier());
    json.writeStringField("StorageClass", "");
    json.writeStringField("Tag", "");
    json.writeEndObject();
    json.writeStringField("RestoreStatus", "");
  }
}
