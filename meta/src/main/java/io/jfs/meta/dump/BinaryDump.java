package io.jfs.meta.dump;

import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.Table;
import io.jfs.meta.record.codec.AclCodec;
import io.jfs.meta.record.codec.AttrCodec;
import io.jfs.meta.record.codec.SliceCodec;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a volume's records as the segments of metadata spec 8.2, kind by kind, several kinds at
 * once. It holds what the JSON form leaves out: counts, sums, sustained inodes. What others change
 * meanwhile may be in one kind and not in another: dump a volume at rest.
 */
public final class BinaryDump {
  private static final int PAGE = 1000;
  private static final List<String> SECRETS = List.of("SecretKey", "SessionToken", "EncryptKey");

  private final Engine engine;
  private final DumpOptions options;
  private final Runnable progress;

  /**
   * A dump to be written; of the options the secrets and the threads count.
   *
   * @param progress told of every record
   */
  public BinaryDump(Engine engine, DumpOptions options, Runnable progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  private interface Part {
    void write() throws IOException;
  }

  /**
   * Writes everything.
   *
   * @throws FormatException no volume
   * @throws IOException of {@code out}
   */
  public void write(OutputStream out) throws FormatException, IOException {
    Format stored = DumpSetting.of(engine, options);
    Format format = options.keepSecrets() ? stored : DumpSetting.without(stored, SECRETS);
    SegmentWriter segments = new SegmentWriter(out);
    segments.write(
        Segment.FORMAT, new ProtoWriter().bytes(1, FormatJson.toBytes(format)).toBytes(), 1);
    writeCounters(segments);
    runAll(
        List.of(
            () ->
                cells(
                    segments,
                    Segment.NODE,
                    Records.ATTR,
                    (ino, attr) ->
                        new ProtoWriter()
                            .number(1, ino.value())
                            .bytes(2, AttrCodec.INSTANCE.encode(attr))),
            () ->
                cells(
                    segments,
                    Segment.SYMLINK,
                    Records.SYMLINK,
                    (ino, target) -> new ProtoWriter().number(1, ino.value()).bytes(2, target)),
            () ->
                cells(
                    segments,
                    Segment.ACL,
                    Records.ACL,
                    (id, rule) ->
                        new ProtoWriter()
                            .number(1, Integer.toUnsignedLong(id))
                            .bytes(2, AclCodec.INSTANCE.encode(rule))),
            () ->
                tables(
                    segments,
                    Segment.EDGE,
                    Records.DENTRY,
                    (parent, row) ->
                        new ProtoWriter()
                            .number(1, parent.value())
                            .number(2, row.value().ino().value())
                            .bytes(3, row.key().bytes())
                            .number(4, row.value().type().code())),
            () ->
                tables(
                    segments,
                    Segment.XATTR,
                    Records.XATTR,
                    (ino, row) ->
                        new ProtoWriter()
                            .number(1, ino.value())
                            .bytes(2, row.key().bytes())
                            .bytes(3, row.value())),
            () ->
                tables(
                    segments,
                    Segment.PARENT,
                    Records.PARENT,
                    (ino, row) ->
                        new ProtoWriter()
                            .number(1, ino.value())
                            .number(2, row.key().value())
                            .number(3, row.value())),
            () ->
                tables(
                    segments,
                    Segment.DELETED_FILE,
                    Records.DELETED_FILE,
                    (volume, row) ->
                        new ProtoWriter()
                            .number(1, row.key().ino().value())
                            .number(2, row.key().lengthBytes())
                            .number(3, row.value())),
            () ->
                pages(
                    segments,
                    Segment.CHUNK,
                    from -> engine.scan(Records.CHUNK, from, PAGE),
                    row ->
                        new ProtoWriter()
                            .number(1, row.key().ino().value())
                            .number(2, Integer.toUnsignedLong(row.key().index()))
                            .bytes(3, SliceCodec.LIST.encode(row.value()))),
            () ->
                pages(
                    segments,
                    Segment.SLICE_REF,
                    from -> engine.scan(Records.SLICE_REF, from, PAGE),
                    row ->
                        new ProtoWriter()
                            .number(1, row.key().id())
                            .number(2, Integer.toUnsignedLong(row.key().size()))
                            .number(3, row.value()[0] + 1)),
            () ->
                pages(
                    segments,
                    Segment.STAT,
                    from -> engine.scan(Records.DIR_STAT, from, PAGE),
                    row ->
                        new ProtoWriter()
                            .number(1, row.key().value())
                            .number(2, row.value()[0])
                            .number(3, row.value()[1])
                            .number(4, row.value()[2])),
            () -> writeSustained(segments),
            () -> writeQuotas(segments)));
    segments.finish();
  }

  /** The parts, some at once. */
  private void runAll(List<Part> parts) throws IOException {
    ExecutorService threads =
        Workers.of(Math.min(options.threads(), parts.size()), "jfs-dump-part");
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Part part : parts) {
        running.add(
            threads.submit(
                () -> {
                  part.write();
                  return part;
                }));
      }
      for (Future<?> part : running) {
        Object unused = Workers.await(part);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  // ---- kinds ----

  private void writeCounters(SegmentWriter segments) throws IOException {
    Ref space = new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY);
    Ref inodes = new Ref.OfCounter<>(Records.USED_INODES, Volume.KEY);
    Map<Ref, Observed> seen = engine.fetch(List.of(space, inodes));
    Batch batch = new Batch(segments, Segment.COUNTER);
    BiConsumer<String, Long> add =
        (name, value) ->
            batch.add(
                Segment.COUNTER.batchField(),
                new ProtoWriter()
                    .bytes(1, name.getBytes(StandardCharsets.US_ASCII))
                    .number(2, value));
    add.accept("usedSpace", number(seen.get(space)));
    add.accept("totalInodes", number(seen.get(inodes)));
    add.accept("nextInode", engine.peek(Sequence.INODE));
    add.accept("nextChunk", engine.peek(Sequence.SLICE));
    add.accept("nextSession", engine.peek(Sequence.SESSION) - 1);
    add.accept("nextTrash", engine.peek(Sequence.TRASH_DIR) - 1);
    batch.end();
  }

  private static long number(@Nullable Observed observed) {
    return observed != null && observed.value() instanceof long[] numbers ? numbers[0] : 0;
  }

  private interface Form<K, V> {
    ProtoWriter of(K key, V value);
  }

  private <K, V> void cells(SegmentWriter segments, Segment kind, Cell<K, V> cell, Form<K, V> form)
      throws IOException {
    pages(
        segments,
        kind,
        from -> engine.scan(cell, from, PAGE),
        row -> form.of(row.key(), row.value()));
  }

  private <K, F, V> void tables(
      SegmentWriter segments, Segment kind, Table<K, F, V> table, Form<K, Row<F, V>> form)
      throws IOException {
    pages(
        segments,
        kind,
        from -> engine.scan(table, from, PAGE),
        row -> form.of(row.key(), row.value()));
  }

  private <R> void pages(
      SegmentWriter segments,
      Segment kind,
      Function<@Nullable Object, Page<R>> scan,
      Function<R, ProtoWriter> form)
      throws IOException {
    Batch batch = new Batch(segments, kind);
    Object from = null;
    do {
      Page<R> page = scan.apply(from);
      page.rows().forEach(row -> batch.add(kind.batchField(), form.apply(row)));
      from = page.next();
    } while (from != null);
    batch.end();
  }

  private void writeSustained(SegmentWriter segments) throws IOException {
    Map<Long, List<Long>> held = new TreeMap<>();
    Object from = null;
    do {
      var page = engine.scan(Records.SUSTAINED, from, PAGE);
      page.rows()
          .forEach(
              row ->
                  held.computeIfAbsent(row.key(), sid -> new ArrayList<>())
                      .add(row.value().key().value()));
      from = page.next();
    } while (from != null);
    Batch batch = new Batch(segments, Segment.SUSTAINED);
    held.forEach(
        (sid, inodes) ->
            batch.add(
                Segment.SUSTAINED.batchField(),
                new ProtoWriter().number(1, sid).packed(2, inodes)));
    batch.end();
  }

  /** Limits and usage are two records here and one there. */
  private void writeQuotas(SegmentWriter segments) throws IOException {
    Batch batch = new Batch(segments, Segment.QUOTA);
    Object from = null;
    do {
      Page<Row<QuotaKey, QuotaLimits>> page = engine.scan(Records.QUOTA, from, PAGE);
      List<Ref> refs = new ArrayList<>();
      page.rows().forEach(row -> refs.add(new Ref.OfCounter<>(Records.QUOTA_USED, row.key())));
      Map<Ref, Observed> used = refs.isEmpty() ? Map.of() : engine.fetch(refs);
      for (int i = 0; i < refs.size(); i++) {
        QuotaKey key = page.rows().get(i).key();
        QuotaLimits limits = page.rows().get(i).value();
        Observed observed = used.get(refs.get(i));
        long[] usage =
            observed != null && observed.value() instanceof long[] numbers ? numbers : new long[2];
        ProtoWriter quota =
            new ProtoWriter()
                .number(1, key.id())
                .number(2, limits.maxSpaceBytes())
                .number(3, limits.maxInodes())
                .number(4, usage[0])
                .number(5, usage[1]);
        switch (key.kind()) {
          case DIRECTORY -> batch.add(Segment.QUOTA.batchField(), quota);
          case USER -> batch.add(Segment.USER_QUOTAS, quota.number(6, 1));
          case GROUP -> batch.add(Segment.GROUP_QUOTAS, quota.number(6, 2));
        }
      }
      from = page.next();
    } while (from != null);
    batch.end();
  }

  /** Rows of one kind, a segment for about a thousand of them; at least one. */
  private final class Batch {
    private final SegmentWriter segments;
    private final Segment kind;
    private ProtoWriter rows = new ProtoWriter();
    private int count;
    private boolean written;

    Batch(SegmentWriter segments, Segment kind) {
      this.segments = segments;
      this.kind = kind;
    }

    void add(int field, ProtoWriter row) {
      rows.message(field, row);
      count++;
      progress.run();
      if (count == PAGE) {
        try {
          write();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    void end() throws IOException {
      if (count > 0 || !written) {
        write();
      }
    }

    private void write() throws IOException {
      segments.write(kind, rows.toBytes(), count);
      rows = new ProtoWriter();
      count = 0;
      written = true;
    }
  }
}
