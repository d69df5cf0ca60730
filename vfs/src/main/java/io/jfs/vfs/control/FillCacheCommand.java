package io.jfs.vfs.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.meta.Meta;
import io.jfs.meta.TreeCrew;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** {@code warmup}: brings files into the cache, drops them from it, or says what is in it. */
final class FillCacheCommand implements ControlCommand {
  private static final int WHOLE = -1;

  private final Meta meta;
  private final SliceStore store;
  private final Tree tree;
  private final Background background;

  FillCacheCommand(Meta meta, SliceStore store, Tree tree, Background background) {
    this.background = background;
    this.meta = meta;
    this.store = store;
    this.tree = tree;
  }

  /** Takes what is to be done although the client does not wait. */
  @FunctionalInterface
  interface Background {
    void start(ControlCommands.Work work) throws FsException;
  }

  /** What is done with each slice. */
  private enum Action {
    WARM_UP,
    EVICT,
    CHECK
  }

  private static final class Result {
    private final LongAdder files = new LongAdder();
    private final LongAdder slices = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder missing = new LongAdder();
    private final Map<String, Long> places = new ConcurrentSkipListMap<>();
  }

  /** A directory, a file, or one chunk of it. */
  private record Work(Ino ino, Attr attr, int chunk) {}

  @Override
  public int opcode() {
    return 1004;
  }

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply)
      throws FsException, IOException {
    byte[] paths = new byte[payload.getInt()];
    payload.get(paths);
    int threads = Requests.limited(payload.getShort());
    boolean waits = payload.get() == 0;
    Action action = payload.hasRemaining() ? actionOf(payload.get()) : Action.WARM_UP;
    List<String> wanted = List.of(new String(paths, StandardCharsets.UTF_8).split("\n"));
    Result result = new Result();
    if (waits) {
      fill(caller, wanted, threads, action, result, reply);
    } else {
      background.start(nobody -> fill(caller, wanted, threads, action, new Result(), nobody));
    }
    reply.data(Json.write(json -> write(json, result)));
  }

  private void fill(
      Caller caller,
      List<String> paths,
      int threads,
      Action action,
      Result result,
      ControlReply reply)
      throws FsException, IOException {
    for (String path : paths) {
      Ino top = tree.resolve(caller, path);
      if (top != null) {
        TreeCrew.<Work, IOException>run(
            threads,
            new Work(top, meta.getAttr(top), WHOLE),
            (work, also) -> step(caller, work, also, action, result, reply));
      }
    }
  }

  private static Action actionOf(byte number) {
    return switch (number) {
      case 1 -> Action.EVICT;
      case 2 -> Action.CHECK;
      default -> Action.WARM_UP;
    };
  }

  private void step(
      Caller caller,
      Work work,
      Consumer<Work> also,
      Action action,
      Result result,
      ControlReply reply)
      throws FsException, IOException {
    if (work.chunk != WHOLE) {
      for (Slice slice : meta.readChunk(work.ino, work.chunk)) {
        if (!slice.isHole()) {
          handle(slice, action, result);
          reply.advance(0, slice.size());
        }
      }
    } else if (work.attr.isDirectory()) {
      tree.list(caller, work.ino, (ino, attr) -> also.accept(new Work(ino, attr, WHOLE)));
    } else if (work.attr.isRegular()) {
      meta.access(caller, work.ino, 4);
      result.files.increment();
      reply.advance(1, 0);
      for (int index = 0; index < CompactCommand.chunks(work.attr.lengthBytes()); index++) {
        also.accept(new Work(work.ino, work.attr, index));
      }
    }
  }

  private void handle(Slice slice, Action action, Result result) throws IOException {
    result.slices.increment();
    result.bytes.add(slice.size());
    switch (action) {
      case WARM_UP -> store.warm(slice.id(), slice.size());
      case EVICT -> store.evict(slice.id(), slice.size());
      case CHECK -> {
        Map<String, Long> cached = store.cachedBytes(slice.id(), slice.size());
        cached.forEach((place, bytes) -> result.places.merge(place, bytes, Long::sum));
        result.missing.add(
            slice.size() - cached.values().stream().mapToLong(Long::longValue).sum());
      }
    }
  }

  private static void write(JsonGenerator json, Result result) throws IOException {
    json.writeStartObject();
    json.writeNumberField("FileCount", result.files.sum());
    json.writeNumberField("SliceCount", result.slices.sum());
    json.writeNumberField("TotalBytes", result.bytes.sum());
    json.writeNumberField("MissBytes", result.missing.sum());
    json.writeObjectFieldStart("Locations");
    for (Map.Entry<String, Long> place : result.places.entrySet()) {
      json.writeNumberField(place.getKey(), place.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
