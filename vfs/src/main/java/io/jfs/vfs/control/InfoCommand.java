package io.jfs.vfs.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jfs.meta.Meta.HeldLock;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.Slice;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code info}: an inode's sums, path and objects, as JSON. */
final class InfoCommand implements ControlCommand {
  /** As in struct flock: F_RDLCK, F_WRLCK. */
  private static final int READ_LOCK = 0;

  private static final int WRITE_LOCK = 1;

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
      writeSums(json, new Inspection.Sums(0, 0, 0, 0));
      for (String missing : new String[] {"Paths", "Chunks", "Objects", "PLocks", "FLocks"}) {
        json.writeNullField(missing);
      }
      writeTier(json, 0);
    }
    json.writeEndObject();
  }

  /** Asks for everything before it writes anything: a refusal must not come in the middle. */
  private void writeFound(JsonGenerator json, Question question, ControlReply reply)
      throws FsException, IOException {
    Ino ino = question.ino;
    Attr attr = inspection.attr(ino);
    Inspection.Sums sums = inspection.sums(question.caller, ino, question.reach, reply);
    List<String> paths = inspection.paths(ino);
    List<HeldLock> locks = inspection.locks(ino);
    boolean slices = question.detail == Detail.SLICES;
    List<Inspection.ListedSlice> records =
        slices && attr.isRegular() ? inspection.records(ino, attr) : null;
    List<Inspection.Part> objects =
        !slices && attr.isRegular() ? inspection.objects(ino, attr) : null;
    json.writeBooleanField("Failed", false);
    json.writeStringField("Reason", "");
    writeSums(json, sums);
    writePaths(json, paths);
    writeRecords(json, records);
    writeObjects(json, objects);
    writeLocks(json, locks);
    writeTier(json, attr.tier());
  }

  private static void writeSums(JsonGenerator json, Inspection.Sums sums) throws IOException {
    json.writeObjectFieldStart("Summary");
    json.writeNumberField("Length", sums.length());
    json.writeNumberField("Size", sums.size());
    json.writeNumberField("Files", sums.files());
    json.writeNumberField("Dirs", sums.dirs());
    json.writeEndObject();
  }

  private static void writePaths(JsonGenerator json, List<String> paths) throws IOException {
    json.writeArrayFieldStart("Paths");
    for (String path : paths) {
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

  private static void writeLocks(JsonGenerator json, List<HeldLock> locks) throws IOException {
    json.writeArrayFieldStart("PLocks");
    for (HeldLock held : locks) {
      PosixLock range = held.lock();
      if (range != null) {
        writeOwner(json, held.owner());
        json.writeNumberField("Type", held.exclusive() ? WRITE_LOCK : READ_LOCK);
        json.writeNumberField("Pid", range.pid());
        json.writeNumberField("Start", range.start());
        json.writeNumberField("End", range.end());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("FLocks");
    for (HeldLock held : locks) {
      if (held.lock() == null) {
        writeOwner(json, held.owner());
        json.writeStringField("Type", held.exclusive() ? "W" : "R");
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeOwner(JsonGenerator json, LockOwner owner) throws IOException {
    json.writeStartObject();
    json.writeNumberField("Sid", owner.sid());
    json.writeFieldName("Owner");
    json.writeNumber(new BigInteger(Long.toUnsignedString(owner.owner())));
  }

  private static void writeTier(JsonGenerator json, int tier) throws IOException {
    json.writeObjectFieldStart("Tier");
    json.writeNumberField("ID", tier);
    json.writeStringField("StorageClass", "");
    json.writeStringField("Tag", "");
    json.writeEndObject();
    json.writeStringField("RestoreStatus", "");
  }
}
