package io.jfs.meta.engine.kv;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.record.Records.Lease;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.Table;
import io.jfs.meta.record.codec.AclCodec;
import io.jfs.meta.record.codec.AttrCodec;
import io.jfs.meta.record.codec.BytesCodec;
import io.jfs.meta.record.codec.Codec;
import io.jfs.meta.record.codec.DentryCodec;
import io.jfs.meta.record.codec.LongCodec;
import io.jfs.meta.record.codec.QuotaLimitsCodec;
import io.jfs.meta.record.codec.SliceCodec;
import io.jfs.meta.record.codec.SliceIdListCodec;
import io.jfs.meta.txn.Row;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where every record lies in an ordered key-value store, in both directions. Metadata spec 4.2 and
 * 4.3, without the volume's prefix.
 */
final class KvLayout {
  private static final int QUOTA_BYTES = 32;
  private static final Map<Object, Object> LAYOUTS = new HashMap<>();

  private KvLayout() {}

  static {
    cell(Records.SETTING, text("setting"), volume("setting"), BytesCodec.INSTANCE);
    cell(Records.LOADING, text("loading"), volume("loading"), BytesCodec.INSTANCE);
    inodePart(Records.ATTR, 'I', AttrCodec.INSTANCE);
    inodePart(Records.SYMLINK, 'S', BytesCodec.INSTANCE);
    named(Records.DENTRY, 'D', DentryCodec.INSTANCE);
    named(Records.XATTR, 'X', BytesCodec.INSTANCE);
    spread(
        Records.PARENT,
        text("A"),
        ino -> KeyBytes.ofInode(ino.value(), 'P', 0),
        KvLayout::parentKey,
        key -> isInodePart(key, 'P', 8) ? new Row<>(ino(key, 1), ino(key, 10)) : null,
        LongCodec.LITTLE_ENDIAN);
    LAYOUTS.put(
        Records.CHUNK,
        new LogLayout<ChunkKey, Slice>(
            text("A"), KvLayout::chunkKey, KvLayout::chunkOf, SliceCodec.LIST, Slice.RECORD_BYTES));
    counter(
        Records.SLICE_REF,
        text("K"),
        KvLayout::sliceRefKey,
        key ->
            key.length == 13 && key[0] == 'K'
                ? new SliceId(KeyBytes.longAt(key, 1), KeyBytes.intAt(key, 9))
                : null,
        ByteOrder.LITTLE_ENDIAN,
        Part.WHOLE);
    cell(
        Records.DELAYED_SLICES,
        text("L"),
        new KeyForm<>(KvLayout::delayedKey, KvLayout::delayedOf),
        SliceIdListCodec.INSTANCE);
    spread(
        Records.DELETED_FILE,
        text("D"),
        volume -> text("D"),
        (volume, file) -> deletedKey(file),
        key ->
            key.length == 17 && key[0] == 'D'
                ? new Row<>(Volume.KEY, new DeletedFile(ino(key, 1), KeyBytes.longAt(key, 9)))
                : null,
        LongCodec.BIG_ENDIAN);
    session(Records.SESSION_EXPIRY, "SE", LongCodec.BIG_ENDIAN);
    session(Records.SESSION, "SI", BytesCodec.INSTANCE);
    spread(
        Records.SUSTAINED,
        text("SS"),
        sid -> sidKey("SS", sid, 0),
        KvLayout::sustainedKey,
        key ->
            key.length == 18 && KeyBytes.startsWith(key, text("SS"))
                ? new Row<>(KeyBytes.longAt(key, 2), ino(key, 10))
                : null,
        PresentCodec.INSTANCE);
    packed(Records.FLOCK, 'F', LockTables.FLOCKS);
    packed(Records.PLOCK, 'P', LockTables.PLOCKS);
    cell(
        Records.LEASE,
        text("C"),
        new KeyForm<>(lease -> counterKey(lease.counterName()), KvLayout::leaseOf),
        LongCodec.BIG_ENDIAN);
    spread(
        Records.DETACHED,
        text("N"),
        volume -> text("N"),
        (volume, ino) -> KeyBytes.withInode('N', ino.value(), 0),
        key -> key.length == 9 && key[0] == 'N' ? new Row<>(Volume.KEY, ino(key, 1)) : null,
        LongCodec.BIG_ENDIAN);
    total(Records.USED_SPACE, "CusedSpace");
    total(Records.USED_INODES, "CtotalInodes");
    counter(
        Records.DIR_STAT,
        text("U"),
        ino -> KeyBytes.withInode('U', ino.value(), 0),
        key -> key.length == 9 && key[0] == 'U' ? ino(key, 1) : null,
        ByteOrder.BIG_ENDIAN,
        Part.WHOLE);
    LAYOUTS.put(
        Records.QUOTA,
        new CellLayout<>(
            text("Q"),
            KvLayout::quotaKey,
            KvLayout::quotaOf,
            QuotaLimitsCodec.INSTANCE,
            new Part(0, 16, unlimitedAndUnused())));
    counter(
        Records.QUOTA_USED,
        text("Q"),
        KvLayout::quotaKey,
        KvLayout::quotaOf,
        ByteOrder.BIG_ENDIAN,
        new Part(16, 16, unlimitedAndUnused()));
    cell(
        Records.ACL,
        text("R"),
        new KeyForm<>(KvLayout::aclKey, KvLayout::aclOf),
        AclCodec.INSTANCE);
  }

  // ---- look-up ----

  static <K, V> CellLayout<K, V> of(Cell<K, V> cell) {
    return cast(LAYOUTS.get(cell), cell);
  }

  static <K, F, V> TableLayout<K, F, V> of(Table<K, F, V> table) {
    return cast(LAYOUTS.get(table), table);
  }

  static <K, E> LogLayout<K, E> of(Log<K, E> log) {
    return cast(LAYOUTS.get(log), log);
  }

  static <K> CounterLayout<K> of(Counter<K> counter) {
    return cast(LAYOUTS.get(counter), counter);
  }

  // The registration methods below pair each constant with a layout of its own type arguments.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T cast(@Nullable Object layout, Object record) {
    return (T) Objects.requireNonNull(layout, () -> "no layout of " + record);
  }

  /** Key of a sequence. */
  static byte[] sequenceKey(Sequence sequence) {
    return counterKey(sequence.counterName());
  }

  /** Key of a chunk: also the bounds of a range of a file's chunks. */
  static byte[] chunkKey(ChunkKey chunk) {
    byte[] key = KeyBytes.ofInode(chunk.ino().value(), 'C', Integer.BYTES);
    KeyBytes.putInt(key, 10, chunk.index());
    return key;
  }

  /** The chunk that a key names; null for bytes that are another record's. */
  static @Nullable ChunkKey chunkOf(byte[] key) {
    return isInodePart(key, 'C', 4) ? new ChunkKey(ino(key, 1), KeyBytes.intAt(key, 10)) : null;
  }

  // ---- registration ----

  /** The two directions of a key. */
  private record KeyForm<K>(Function<K, byte[]> toKey, Function<byte[], @Nullable K> fromKey) {}

  private static <K, V> void cell(Cell<K, V> cell, byte[] prefix, KeyForm<K> form, Codec<V> codec) {
    LAYOUTS.put(cell, new CellLayout<>(prefix, form.toKey(), form.fromKey(), codec, Part.WHOLE));
  }

  private static <V> void inodePart(Cell<Ino, V> cell, char part, Codec<V> codec) {
    KeyForm<Ino> form =
        new KeyForm<>(
            ino -> KeyBytes.ofInode(ino.value(), part, 0),
            key -> isInodePart(key, part, 0) ? ino(key, 1) : null);
    cell(cell, text("A"), form, codec);
  }

  private static <K, F, V> void spread(
      Table<K, F, V> table,
      byte[] prefix,
      Function<K, byte[]> toPrefix,
      BiFunction<K, F, byte[]> toKey,
      Function<byte[], @Nullable Row<K, F>> fromKey,
      Codec<V> codec) {
    LAYOUTS.put(table, new TableLayout.Spread<>(prefix, toPrefix, toKey, fromKey, codec));
  }

  private static <V> void named(Table<Ino, Name, V> table, char part, Codec<V> codec) {
    spread(
        table,
        text("A"),
        ino -> KeyBytes.ofInode(ino.value(), part, 0),
        (ino, name) -> KeyBytes.ofInode(ino.value(), part, name.bytes()),
        key ->
            key.length > 10 && key[0] == 'A' && key[9] == part
                ? new Row<>(ino(key, 1), Name.stored(Arrays.copyOfRange(key, 10, key.length)))
                : null,
        codec);
  }

  private static <V> void session(Table<Volume, Long, V> table, String kind, Codec<V> codec) {
    byte[] prefix = text(kind);
    spread(
        table,
        prefix,
        volume -> prefix,
        (volume, sid) -> sidKey(kind, sid, 0),
        key ->
            key.length == 10 && KeyBytes.startsWith(key, prefix)
                ? new Row<>(Volume.KEY, KeyBytes.longAt(key, 2))
                : null,
        codec);
  }

  private static <F, V> void packed(Table<Ino, F, V> table, char kind, Codec<Map<F, V>> codec) {
    LAYOUTS.put(
        table,
        new TableLayout.Packed<Ino, F, V>(
            text(String.valueOf(kind)),
            ino -> KeyBytes.withInode(kind, ino.value(), 0),
            key -> key.length == 9 && key[0] == kind ? ino(key, 1) : null,
            codec));
  }

  private static <K> void counter(
      Counter<K> counter,
      byte[] prefix,
      Function<K, byte[]> toKey,
      Function<byte[], @Nullable K> fromKey,
      ByteOrder order,
      Part part) {
    LAYOUTS.put(counter, new CounterLayout<>(prefix, toKey, fromKey, counter.width(), order, part));
  }

  private static void total(Counter<Volume> counter, String key) {
    KeyForm<Volume> form = volume(key);
    counter(counter, text(key), form.toKey(), form.fromKey(), ByteOrder.LITTLE_ENDIAN, Part.WHOLE);
  }

  // ---- keys ----

  private static byte[] text(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  private static KeyForm<Volume> volume(String ascii) {
    byte[] key = text(ascii);
    return new KeyForm<>(
        volume -> key.clone(), stored -> Arrays.equals(stored, key) ? Volume.KEY : null);
  }

  private static Ino ino(byte[] key, int at) {
    return new Ino(KeyBytes.inode(key, at));
  }

  private static boolean isInodePart(byte[] key, char part, int rest) {
    return key.length == 10 + rest && key[0] == 'A' && key[9] == part;
  }

  private static byte[] parentKey(Ino ino, Ino parent) {
    byte[] key = KeyBytes.ofInode(ino.value(), 'P', Long.BYTES);
    KeyBytes.putInode(key, 10, parent.value());
    return key;
  }

  private static byte[] sliceRefKey(SliceId slice) {
    byte[] key = new byte[13];
    key[0] = 'K';
    KeyBytes.putLong(key, 1, slice.id());
    KeyBytes.putInt(key, 9, slice.size());
    return key;
  }

  private static byte[] delayedKey(DelayedSlice delayed) {
    byte[] key = new byte[17];
    key[0] = 'L';
    KeyBytes.putLong(key, 1, delayed.unixSeconds());
    KeyBytes.putLong(key, 9, delayed.compactedId());
    return key;
  }

  private static @Nullable DelayedSlice delayedOf(byte[] key) {
    return key.length == 17 && key[0] == 'L'
        ? new DelayedSlice(KeyBytes.longAt(key, 9), KeyBytes.longAt(key, 1))
        : null;
  }

  private static byte[] deletedKey(DeletedFile file) {
    byte[] key = KeyBytes.withInode('D', file.ino().value(), Long.BYTES);
    KeyBytes.putLong(key, 9, file.lengthBytes());
    return key;
  }

  private static byte[] sidKey(String kind, long sid, int extra) {
    byte[] key = Arrays.copyOf(text(kind), 10 + extra);
    KeyBytes.putLong(key, 2, sid);
    return key;
  }

  private static byte[] sustainedKey(Long sid, Ino ino) {
    byte[] key = sidKey("SS", sid, Long.BYTES);
    KeyBytes.putInode(key, 10, ino.value());
    return key;
  }

  private static byte[] aclKey(Integer id) {
    byte[] key = new byte[5];
    key[0] = 'R';
    KeyBytes.putInt(key, 1, id);
    return key;
  }

  private static @Nullable Integer aclOf(byte[] key) {
    return key.length == 5 && key[0] == 'R' ? (Integer) KeyBytes.intAt(key, 1) : null;
  }

  private static byte[] quotaKey(QuotaKey quota) {
    byte[] key = new byte[10];
    key[0] = 'Q';
    switch (quota.kind()) {
      case DIRECTORY -> {
        key[1] = 'D';
        KeyBytes.putInode(key, 2, quota.id());
      }
      case USER -> {
        key[1] = 'U';
        KeyBytes.putLong(key, 2, quota.id());
      }
      case GROUP -> {
        key[1] = 'G';
        KeyBytes.putLong(key, 2, quota.id());
      }
    }
    return key;
  }

  private static @Nullable QuotaKey quotaOf(byte[] key) {
    if (key.length != 10 || key[0] != 'Q') {
      return null;
    }
    return switch (key[1]) {
      case 'D' -> new QuotaKey(QuotaKey.Kind.DIRECTORY, KeyBytes.inode(key, 2));
      case 'U' -> new QuotaKey(QuotaKey.Kind.USER, KeyBytes.longAt(key, 2));
      case 'G' -> new QuotaKey(QuotaKey.Kind.GROUP, KeyBytes.longAt(key, 2));
      default -> null;
    };
  }

  private static byte[] unlimitedAndUnused() {
    return ByteBuffer.allocate(QUOTA_BYTES).putLong(-1).putLong(-1).array();
  }

  private static byte[] counterKey(String name) {
    return text("C" + name);
  }

  private static @Nullable Lease leaseOf(byte[] key) {
    for (Lease lease : Lease.values()) {
      if (Arrays.equals(key, counterKey(lease.counterName()))) {
        return lease;
      }
    }
    return null;
  }
}
