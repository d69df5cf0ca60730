package io.jfs.vfs.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** {@code warmup}: brings files into the cache, drops them from it, or says what is in it. */
final class FillCacheCommand implements ControlCommand {
  private final Meta meta;
  private final SliceStore store;
  private final Tree tree;

  FillCacheCommand(Meta meta, SliceStore store, Tree tree) {
    this.meta = meta;
    this.store = store;
    this.tree = tree;
  }

  /** What is done with each slice. */
  private enum Action {
    WARM_UP,
    EVICT,
    CHECK
  }

  private static final class Result {
    private final Set<Ino> files = new HashSet<>();
    private long slices;
    private long bytes;
    private long missing;
  }

  @Override
  public int opcode() {
    return 1004;
  }

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply)
      throws FsException, IOException {
    byte[] paths = new byte[payload.getInt()];
    payload.get(paths);
    payload.getShort(); // threads: slices are fetched block by block, in order
    payload.get(); // background: the client then does not wait for the answer
    Action action = payload.hasRemaining() ? actionOf(payload.get()) : Action.WARM_UP;
    Result result = new Result();
    for (String path : new String(paths, StandardCharsets.UTF_8).split("\n")) {
      tree.walk(
          caller,
          tree.resolve(caller, path),
          Tree.Reach.ALL,
          (ino, attr) -> handle(caller, ino, attr, action, result, reply));
    }
    reply.data(Json.write(json -> write(json, result)));
  }

  private static Action actionOf(byte number) {
    return switch (number) {
      case 1 -> Action.EVICT;
      case 2 -> Action.CHECK;
      default -> Action.WARM_UP;
    };
  }

  private void handle(
      Caller caller, Ino ino, Attr attr, Action action, Result result, ControlReply reply)
      throws FsException, IOException {
    if (!attr.isRegular() || !result.files.add(ino)) {
      return;
    }
    meta.access(caller, ino, 4);
    for (int index = 0; index < CompactCommand.chunks(attr.lengthBytes()); index++) {
      for (Slice slice : meta.readChunk(ino, index)) {
        if (!slice.isHole()) {
          handle(slice, action, result);
          reply.advance(0, slice.size());
        }
      }
    }
    reply.advance(1, 0);
  }

  private void handle(Slice slice, Action action, Result result) throws IOException {
    result.slices++;
    result.bytes += slice.size();
    switch (action) {
      case WARM_UP -> store.warm(slice.id(), slice.size());
      case EVICT -> store.evict(slice.id(), slice.size());
      case CHECK -> result.missing += slice.size() - store.cachedBytes(slice.id(), slice.size());
    }
  }

  private static void write(JsonGenerator json, Result result) throws IOException {
    json.writeStartObject();
    json.writeNumberField("FileCount", result.files.size());
    json.writeNumberField("SliceCount", result.slices);
    json.writeNumberField("TotalBytes", result.bytes);
    json.writeNumberField("MissBytes", result.missing);
    json.writeObjectFieldStart("Locations");
    json.writeEndObject();
    json.writeEndObject();
  }
}
