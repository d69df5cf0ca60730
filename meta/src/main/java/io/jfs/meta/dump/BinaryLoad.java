package io.jfs.meta.dump;

import io.jfs.meta.dump.ProtoReader.Message;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.codec.AclCodec;
import io.jfs.meta.record.codec.AttrCodec;
import io.jfs.meta.record.codec.SliceCodec;
import io.jfs.meta.txn.Engine;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads a binary dump (metadata spec 8.2) into an empty database, row by row, in any order. Fails
 * and starts over as {@link JsonLoad} does.
 */
public final class BinaryLoad {
  private final Engine engine;
  private final int threads;
  private final Runnable progress;
  private final Map<String, Long> counters = new HashMap<>();
  private long lastRule;
  private @Nullable Format format;

  /**
   * A load to be run.
   *
   * @param threads that write
   * @param progress told of every record
   */
  public BinaryLoad(Engine engine, int threads, Runnable progress) {
    this.engine = engine;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Loads everything.
   *
   * @return the volume's setting
   * @throws FormatException the database is not empty, or this is no binary dump
   * @throws IOException of {@code in}
   */
  public Format load(InputStream in) throws FormatException, IOException {
    LoadTarget target = new LoadTarget(engine);
    boolean done = false;
    try (BulkWriter out = target.writer(threads)) {
      readSegments(new DataInputStream(in), out);
      Format loaded = format;
      if (loaded == null) {
        throw new FormatException("the dump has no setting");
      }
      finish(target, out);
      target.finish(loaded);
      done = true;
      return loaded;
    } catch (EOFException e) {
      throw new FormatException("not a binary dump: it ends early");
    } catch (CorruptRecordException e) {
      throw new FormatException("the dump is damaged: " + e.getMessage());
    } finally {
      if (!done) {
        target.abandon();
      }
    }
  }

  private void readSegments(DataInputStream in, BulkWriter out)
      throws FormatException, IOException {
    for (int type = in.readInt(); type != Segment.END; type = in.readInt()) {
      long length = in.readLong();
      Segment kind = Segment.ofType(type);
      if (format == null && kind != Segment.FORMAT) {
        throw new FormatException("not a binary dump: it does not begin with a setting");
      }
      if (type == Segment.CHANGE_LOG && length >= 0) {
        in.skipNBytes(length);
        continue;
      }
      if (kind == null || length < 0) {
        throw new FormatException("the dump has a segment of unknown type " + type);
      }
      ProtoReader rows = new ProtoReader(in, length);
      while (rows.next()) {
        if (kind == Segment.FORMAT) {
          format = FormatJson.parse(rows.bytes());
          LoadTarget.requireUsable(format);
        } else {
          read(kind, rows.field(), rows.message(), out);
          progress.run();
        }
      }
    }
  }

  private void read(Segment kind, int field, Message row, BulkWriter out)
      throws FormatException, IOException {
    Ino ino = new Ino(row.number(1));
    switch (kind) {
      case FORMAT -> throw new AssertionError(kind);
      case COUNTER -> counters.put(new String(row.bytes(1), StandardCharsets.UTF_8), row.number(2));
      case NODE -> out.put(Records.ATTR, ino, AttrCodec.INSTANCE.decode(row.bytes(2), ino));
      case EDGE ->
          out.put(
              Records.DENTRY,
              ino,
              Name.stored(row.bytes(3)),
              new Dentry(FileType.ofCode((int) row.number(4)), new Ino(row.number(2))));
      case CHUNK ->
          out.set(
              Records.CHUNK,
              new ChunkKey(ino, (int) row.number(2)),
              SliceCodec.LIST.decode(row.bytes(3), ino));
      case SLICE_REF -> {
        // One reference is what an absent count means.
        if (row.number(3) != 1) {
          SliceId slice = new SliceId(row.number(1), (int) row.number(2));
          out.set(Records.SLICE_REF, slice, row.number(3) - 1);
        }
      }
      case SYMLINK -> out.put(Records.SYMLINK, ino, row.bytes(2));
      case SUSTAINED -> {
        for (long held : row.packed(2)) {
          out.put(Records.SUSTAINED, row.number(1), new Ino(held), true);
        }
      }
      case DELETED_FILE ->
          out.put(
              Records.DELETED_FILE,
              Volume.KEY,
              new Records.DeletedFile(ino, row.number(2)),
              row.number(3));
      case XATTR -> out.put(Records.XATTR, ino, Name.stored(row.bytes(2)), row.bytes(3));
      case ACL -> {
        lastRule = Math.max(lastRule, row.number(1));
        out.put(Records.ACL, (int) row.number(1), AclCodec.INSTANCE.decode(row.bytes(2), kind));
      }
      case STAT -> out.set(Records.DIR_STAT, ino, row.number(2), row.number(3), row.number(4));
      case QUOTA -> {
        QuotaKey key = new QuotaKey(quotaKind(field), row.number(1));
        out.put(Records.QUOTA, key, new QuotaLimits(row.number(2), row.number(3)));
        out.set(Records.QUOTA_USED, key, row.number(4), row.number(5));
      }
      case PARENT -> out.put(Records.PARENT, ino, new Ino(row.number(2)), row.number(3));
    }
  }

  private static QuotaKey.Kind quotaKind(int field) {
    return switch (field) {
      case Segment.USER_QUOTAS -> QuotaKey.Kind.USER;
      case Segment.GROUP_QUOTAS -> QuotaKey.Kind.GROUP;
      default -> QuotaKey.Kind.DIRECTORY;
    };
  }

  private void finish(LoadTarget target, BulkWriter out) {
    out.set(Records.USED_SPACE, Volume.KEY, counter("usedSpace"));
    out.set(Records.USED_INODES, Volume.KEY, counter("totalInodes"));
    out.flush();
    target.advance(Sequence.INODE, counter("nextInode"));
    target.advance(Sequence.SLICE, counter("nextChunk"));
    target.advance(Sequence.SESSION, counter("nextSession") + 1);
    target.advance(Sequence.TRASH_DIR, counter("nextTrash") + 1);
    if (lastRule > 0) {
      target.advance(Sequence.ACL, lastRule + 1);
    }
  }

  private long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }
}
