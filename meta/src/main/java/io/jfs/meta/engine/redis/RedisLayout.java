package io.jfs.meta.engine.redis;

import static io.jfs.meta.engine.redis.KeyCommand.ascii;
import static io.jfs.meta.engine.redis.TextCodecs.text;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
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
import io.jfs.meta.record.codec.PosixLockCodec;
import io.jfs.meta.record.codec.QuotaLimitsCodec;
import io.jfs.meta.record.codec.SliceCodec;
import io.jfs.meta.record.codec.SliceIdListCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Where every record lies in Redis: the one place that knows the keys of metadata spec 3.2. */
final class RedisLayout {
  private final String prefix;
  private final Map<Cell<?, ?>, CellLayout<?, ?>> cells = new HashMap<>();
  private final Map<Table<?, ?, ?>, TableLayout<?, ?, ?>> tables = new HashMap<>();
  private final Map<Log<?, ?>, LogLayout<?, ?>> logs = new HashMap<>();
  private final Map<Counter<?>, CounterLayout<?>> counters = new HashMap<>();

  /**
   * @param prefix before every key: empty, or the hash tag that keeps a volume on one node of a
   *     cluster
   */
  RedisLayout(String prefix) {
    this.prefix = prefix;
    addCells();
    addTables();
    addLogs();
    addCounters();
  }

  private void addCells() {
    cell(Records.SETTING, volume("setting"), BytesCodec.INSTANCE);
    cell(Records.LOADING, volume("LOADING"), BytesCodec.INSTANCE);
    cell(Records.ATTR, numbered("i", Ino::value, Ino::new), AttrCodec.INSTANCE);
    cell(Records.SYMLINK, numbered("s", Ino::value, Ino::new), BytesCodec.INSTANCE);
    cell(
        Records.DELAYED_SLICES,
        fields(
            "delSlices",
            slice -> slice.compactedId() + "_" + slice.unixSeconds(),
            field -> twoNumbers(field, "", '_', DelayedSlice::new)),
        SliceIdListCodec.INSTANCE);
    cell(
        Records.LEASE,
        new Spread.Few<>(List.of(Lease.values()), lease -> prefix + lease.counterName()),
        TextCodecs.DECIMAL);
    cell(Records.QUOTA, quotaFields("Quota"), QuotaLimitsCodec.INSTANCE);
    cell(
        Records.ACL,
        fields("acl", id -> Integer.toUnsignedString(id), RedisLayout::aclId),
        AclCodec.INSTANCE);
  }

  private void addTables() {
    Function<byte[], @Nullable Name> storedName =
        bytes -> bytes.length == 0 ? null : Name.stored(bytes);
    table(
        Records.DENTRY,
        new TableLayout<>(
            numbered("d", Ino::value, Ino::new),
            Shape.HASH,
            Name::bytes,
            storedName,
            DentryCodec.INSTANCE));
    table(
        Records.XATTR,
        new TableLayout<>(
            numbered("x", Ino::value, Ino::new),
            Shape.HASH,
            Name::bytes,
            storedName,
            BytesCodec.INSTANCE));
    table(
        Records.PARENT,
        numberFields(
            numbered("p", Ino::value, Ino::new),
            Shape.HASH,
            Ino::value,
            Ino::new,
            TextCodecs.DECIMAL));
    addClientTables();
    addLockTables();
    table(
        Records.DELETED_FILE,
        new TableLayout<>(
            volume("delfiles"),
            Shape.SORTED_SET,
            file -> ascii(file.ino() + ":" + file.lengthBytes()),
            stored ->
                twoNumbers(text(stored), "", ':', (ino, n) -> new DeletedFile(new Ino(ino), n)),
            TextCodecs.SCORE));
    table(
        Records.DETACHED,
        numberFields(
            volume("detachedNodes"), Shape.SORTED_SET, Ino::value, Ino::new, TextCodecs.SCORE));
  }

  private void addClientTables() {
    table(
        Records.SESSION_EXPIRY,
        numberFields(
            volume("allSessions"), Shape.SORTED_SET, sid -> sid, sid -> sid, TextCodecs.SCORE));
    table(
        Records.SESSION,
        numberFields(
            volume("sessionInfos"), Shape.HASH, sid -> sid, sid -> sid, BytesCodec.INSTANCE));
    table(
        Records.SUSTAINED,
        numberFields(
            numbered("session", sid -> sid, sid -> sid),
            Shape.SET,
            Ino::value,
            Ino::new,
            TextCodecs.MEMBER));
  }

  private void addLockTables() {
    table(
        Records.FLOCK,
        new TableLayout<>(
            numbered("lockf", Ino::value, Ino::new),
            Shape.HASH,
            RedisLayout::ownerField,
            RedisLayout::owner,
            TextCodecs.LOCK_KIND));
    table(
        Records.PLOCK,
        new TableLayout<>(
            numbered("lockp", Ino::value, Ino::new),
            Shape.HASH,
            RedisLayout::ownerField,
            RedisLayout::owner,
            PosixLockCodec.INSTANCE));
  }

  private void addLogs() {
    Spread<ChunkKey> chunks =
        new Spread.OwnKeys<>(
            prefix + "c[0-9]*_[0-9]*",
            key -> chunkKey(key.ino(), key.index()),
            stored -> twoNumbers(stored, prefix + "c", '_', RedisLayout::chunk));
    logs.put(Records.CHUNK, new LogLayout<>(chunks, SliceCodec.INSTANCE, null));
    logs.put(
        Records.CHANGE_LOG,
        new LogLayout<>(volume("txnLog"), BytesCodec.INSTANCE, prefix + "txnLastLog"));
  }

  private void addCounters() {
    counter(
        Records.SLICE_REF,
        new CounterLayout<>(
            List.of(
                fields(
                    "sliceRef",
                    slice -> "k" + slice.id() + "_" + Integer.toUnsignedString(slice.size()),
                    field -> twoNumbers(field, "k", '_', (id, n) -> new SliceId(id, (int) n)))),
            0));
    counter(Records.USED_SPACE, new CounterLayout<>(List.of(volume("usedSpace")), 0));
    counter(Records.USED_INODES, new CounterLayout<>(List.of(volume("totalInodes")), 0));
    counter(
        Records.DIR_STAT,
        new CounterLayout<>(
            List.of(
                inodeFields("dirDataLength"),
                inodeFields("dirUsedSpace"),
                inodeFields("dirUsedInodes")),
            1));
    counter(
        Records.QUOTA_USED,
        new CounterLayout<>(
            List.of(quotaFields("QuotaUsedSpace"), quotaFields("QuotaUsedInodes")), 1));
  }

  // ---- what the rest of the package asks ----

  @SuppressWarnings("unchecked")
  <K, V> CellLayout<K, V> of(Cell<K, V> cell) {
    return (CellLayout<K, V>) known(cells.get(cell), cell);
  }

  @SuppressWarnings("unchecked")
  <K, F, V> TableLayout<K, F, V> of(Table<K, F, V> table) {
    return (TableLayout<K, F, V>) known(tables.get(table), table);
  }

  @SuppressWarnings("unchecked")
  <K, E> LogLayout<K, E> of(Log<K, E> log) {
    return (LogLayout<K, E>) known(logs.get(log), log);
  }

  @SuppressWarnings("unchecked")
  <K> CounterLayout<K> of(Counter<K> counter) {
    return (CounterLayout<K>) known(counters.get(counter), counter);
  }

  private static <T> T known(@Nullable T layout, Object constant) {
    if (layout == null) {
      throw new IllegalArgumentException("no layout for " + constant);
    }
    return layout;
  }

  /** Before every key. */
  String prefix() {
    return prefix;
  }

  /** The list of one chunk's slices. */
  String chunkKey(Ino ino, int index) {
    return prefix + "c" + ino.value() + "_" + Integer.toUnsignedString(index);
  }

  /** Matches the lists of all chunks of a file. */
  String chunkGlob(Ino ino) {
    return prefix + "c" + ino.value() + "_*";
  }

  /** The set of lock tables in which a session holds or held a lock. */
  String lockedKey(long sid) {
    return prefix + "locked" + sid;
  }

  /** What the fields of a session's locks begin with. */
  static String ownerPrefix(long sid) {
    return sid + "_";
  }

  /** The key whose number is the last id handed out. Spec 3.3. */
  String sequenceKey(Sequence sequence) {
    return prefix
        + switch (sequence) {
          case INODE -> "nextinode";
          case SLICE -> "nextchunk";
          case SESSION -> "nextsession";
          case TRASH_DIR -> "nextTrash";
          case ACL -> "aclMaxId";
        };
  }

  // ---- words of the layout ----

  private <K, V> void cell(Cell<K, V> cell, Spread<K> spread, Codec<V> value) {
    cells.put(cell, new CellLayout<>(spread, value));
  }

  private <K, F, V> void table(Table<K, F, V> table, TableLayout<K, F, V> layout) {
    tables.put(table, layout);
  }

  private <K> void counter(Counter<K> counter, CounterLayout<K> layout) {
    counters.put(counter, layout);
  }

  private Spread<Volume> volume(String name) {
    return new Spread.Few<>(List.of(Volume.KEY), key -> prefix + name);
  }

  private <K> Spread<K> numbered(
      String letter, Function<K, Long> toNumber, LongFunction<K> fromNumber) {
    String start = prefix + letter;
    return new Spread.OwnKeys<>(
        start + "[0-9]*",
        key -> start + toNumber.apply(key),
        stored -> stored.startsWith(start) ? number(stored, start.length(), fromNumber) : null);
  }

  private <K> Spread<K> fields(
      String hash, Function<K, String> toField, Function<String, @Nullable K> fromField) {
    String key = prefix + hash;
    return new Spread.HashFields<>(
        record -> new Place.HashField(key, toField.apply(record)),
        List.of(new Spread.Hash<>(key, fromField)));
  }

  private Spread<Ino> inodeFields(String hash) {
    return fields(hash, Ino::toString, field -> number(field, 0, Ino::new));
  }

  private Spread<QuotaKey> quotaFields(String suffix) {
    return new Spread.HashFields<>(
        key -> new Place.HashField(quotaHash(key.kind(), suffix), Long.toString(key.id())),
        List.of(QuotaKey.Kind.values()).stream()
            .map(
                kind ->
                    new Spread.Hash<>(
                        quotaHash(kind, suffix),
                        field -> number(field, 0, id -> new QuotaKey(kind, id))))
            .toList());
  }

  private String quotaHash(QuotaKey.Kind kind, String suffix) {
    return prefix
        + switch (kind) {
          case DIRECTORY -> "dir";
          case USER -> "user";
          case GROUP -> "group";
        }
        + suffix;
  }

  private static <K, F, V> TableLayout<K, F, V> numberFields(
      Spread<K> spread,
      Shape shape,
      Function<F, Long> toNumber,
      LongFunction<F> fromNumber,
      Codec<V> value) {
    return new TableLayout<>(
        spread,
        shape,
        field -> KeyCommand.decimal(toNumber.apply(field)),
        stored -> number(text(stored), 0, fromNumber),
        value);
  }

  private static byte[] ownerField(LockOwner owner) {
    return ascii(ownerPrefix(owner.sid()) + String.format("%016X", owner.owner()));
  }

  private static @Nullable LockOwner owner(byte[] stored) {
    String field = text(stored);
    int cut = field.indexOf('_');
    Long sid = cut < 0 ? null : TextCodecs.parse(field.substring(0, cut));
    if (sid == null) {
      return null;
    }
    try {
      return new LockOwner(sid, Long.parseUnsignedLong(field.substring(cut + 1), 16));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Integer aclId(String field) {
    Long id = TextCodecs.parse(field);
    return id == null || id < 0 || id > 0xFFFFFFFFL ? null : (int) (long) id;
  }

  private static @Nullable ChunkKey chunk(long ino, long index) {
    return index < 0 || index > 0xFFFFFFFFL ? null : new ChunkKey(new Ino(ino), (int) index);
  }

  private static <K> @Nullable K number(String text, int from, LongFunction<K> make) {
    Long number = TextCodecs.parse(text.substring(from));
    return number == null ? null : make.apply(number);
  }

  private interface OfTwoNumbers<K> {
    @Nullable K make(long first, long second);
  }

  private static <K> @Nullable K twoNumbers(
      String text, String start, char separator, OfTwoNumbers<K> make) {
    int cut = text.indexOf(separator, start.length());
    if (!text.startsWith(start) || cut < 0) {
      return null;
    }
    Long first = TextCodecs.parse(text.substring(start.length(), cut));
    Long second = TextCodecs.parse(text.substring(cut + 1));
    return first == null || second == null ? null : make.make(first, second);
  }
}
