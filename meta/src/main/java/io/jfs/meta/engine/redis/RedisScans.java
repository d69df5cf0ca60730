package io.jfs.meta.engine.redis;

import static io.jfs.meta.engine.redis.KeyCommand.ascii;
import static io.jfs.meta.engine.redis.TextCodecs.text;

import io.jfs.meta.engine.redis.Pages.Step;
import io.jfs.meta.engine.redis.RedisConnections.Lane;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Listings, in large steps because each is a round trip. Redis' iterators repeat rows and have no
 * order, and lose none that is there all the time.
 */
final class RedisScans {
  private static final int LEAST_STEP = 1000;
  private static final int MOST_STEP = 10_000;

  /** Above this many chunks of a sparse file it is cheaper to go through all keys. */
  private static final int MOST_CHUNKS_ASKED = 10_000;

  private static final String START = "0";

  private final RedisLayout layout;
  private final RedisLink link;
  private final Fetcher fetcher;

  /** Reads refs on a lane, as {@link io.jfs.meta.txn.Engine#fetch}. */
  interface Fetcher {
    Map<Ref, Observed> fetch(Lane lane, Collection<? extends Ref> refs);
  }

  RedisScans(RedisLayout layout, RedisLink link, Fetcher fetcher) {
    this.layout = layout;
    this.link = link;
    this.fetcher = fetcher;
  }

  private static int step(int limit) {
    return Math.min(MOST_STEP, Math.max(LEAST_STEP, limit));
  }

  // ---- one table ----

  <K, F, V> Page<Row<F, V>> list(Table<K, F, V> table, K key, @Nullable Object from, int limit) {
    TableLayout<K, F, V> place = layout.of(table);
    String redisKey = place.redisKey(key);
    return Pages.<Row<F, V>, String>page(
        from,
        limit,
        START,
        cursor -> rows(place, redisKey, sendList(place.shape(), redisKey, cursor, step(limit))));
  }

  /** A listing on its way. */
  private record Listing(RedisLink.Sent sent, List<byte[]> keys, List<byte[]> words) {}

  private Listing sendList(Shape shape, String key, String cursor, int count) {
    List<byte[]> keys = List.of(ascii(key));
    if (cursor.equals(START)) {
      List<byte[]> words = new ArrayList<>();
      words.add(ascii(shape.size(key).op().name()));
      words.add(ascii(Integer.toString(count)));
      words.add(ascii(shape.scanCommand()));
      words.add(ascii(shape.readAll(key).op().name()));
      words.addAll(shape.readAll(key).args());
      return new Listing(link.call(Lane.LIST, Script.LIST, keys, words), keys, words);
    }
    List<byte[]> words = List.of(ascii(cursor), ascii("COUNT"), ascii(Integer.toString(count)));
    CommandType type = CommandType.valueOf(shape.scanCommand());
    return new Listing(link.send(Lane.LIST, type, keys, words), keys, words);
  }

  private <K, F, V> Step<Row<F, V>, String> rows(
      TableLayout<K, F, V> place, String redisKey, Listing listing) {
    List<Object> answer =
        link.read(
            listing.sent(),
            () -> link.callWhole(Lane.LIST, Script.LIST, listing.keys(), listing.words()));
    List<Row<F, V>> rows = new ArrayList<>();
    place
        .decodeRows((List<?>) answer.get(1), redisKey)
        .forEach((field, value) -> rows.add(new Row<>(field, value)));
    return new Step<>(rows, next(answer.get(0)));
  }

  private static @Nullable String next(Object cursor) {
    String text = text((byte[]) cursor);
    return text.equals(START) ? null : text;
  }

  // ---- all records of a kind ----

  <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, @Nullable Object from, int limit) {
    return scan(layout.of(cell).spread(), key -> new Ref.OfCell<>(cell, key), from, limit);
  }

  <K, V> Page<K> keys(Cell<K, V> cell, @Nullable Object from, int limit) {
    Spread<K> spread = layout.of(cell).spread();
    return Pages.<K, Position>page(
        from, limit, Position.FIRST, position -> keys(spread, position, step(limit)));
  }

  <K> Page<Row<K, long[]>> scan(Counter<K> counter, @Nullable Object from, int limit) {
    CounterLayout<K> place = layout.of(counter);
    return scan(
        place.numbers().get(place.presence()),
        key -> new Ref.OfCounter<>(counter, key),
        from,
        limit);
  }

  <K, E> Page<Row<K, List<E>>> scan(Log<K, E> log, @Nullable Object from, int limit) {
    Page<Row<K, List<E>>> page =
        scan(layout.of(log).spread(), key -> new Ref.OfLog<>(log, key), from, limit);
    List<Row<K, List<E>>> present =
        page.rows().stream().filter(row -> !row.value().isEmpty()).toList();
    return new Page<>(present, page.next());
  }

  private <K, V> Page<Row<K, V>> scan(
      Spread<K> spread, Function<K, Ref> toRef, @Nullable Object from, int limit) {
    return Pages.<Row<K, V>, Position>page(
        from,
        limit,
        Position.FIRST,
        position -> {
          Step<K, Position> keys = keys(spread, position, step(limit));
          return new Step<>(values(keys.rows(), toRef), keys.next());
        });
  }

  @SuppressWarnings("unchecked")
  private <K, V> List<Row<K, V>> values(List<K> keys, Function<K, Ref> toRef) {
    List<Ref> refs = keys.stream().map(toRef).toList();
    Map<Ref, Observed> seen = fetcher.fetch(Lane.LIST, refs);
    List<Row<K, V>> rows = new ArrayList<>(keys.size());
    for (int i = 0; i < refs.size(); i++) {
      Object value = Objects.requireNonNull(seen.get(refs.get(i))).value();
      if (value != null) {
        rows.add(new Row<>(keys.get(i), (V) value));
      }
    }
    return rows;
  }

  /**
   * Where a walk over keys is.
   *
   * @param hash index of the hash that is walked
   * @param cursor Redis' own
   */
  private record Position(int hash, String cursor) {
    static final Position FIRST = new Position(0, START);
  }

  private <K> Step<K, Position> keys(Spread<K> spread, Position at, int count) {
    if (spread instanceof Spread.Few<K> few) {
      return new Step<>(few.all(), null);
    } else if (spread instanceof Spread.OwnKeys<K> own) {
      return ownKeys(own, at, count);
    }
    return fields((Spread.HashFields<K>) spread, at, count);
  }

  private <K> Step<K, Position> ownKeys(Spread.OwnKeys<K> own, Position at, int count) {
    Step<String, String> found = names(own.glob(), at.cursor(), count);
    List<K> keys = new ArrayList<>();
    found.rows().forEach(name -> addIfKnown(keys, own.fromKey().apply(name)));
    return new Step<>(keys, found.next() == null ? null : new Position(0, found.next()));
  }

  private <K> Step<K, Position> fields(Spread.HashFields<K> spread, Position at, int count) {
    Spread.Hash<K> hash = spread.hashes().get(at.hash());
    List<byte[]> words = List.of(ascii(at.cursor()), ascii("COUNT"), number(count));
    List<Object> answer =
        link.read(link.send(Lane.LIST, CommandType.HSCAN, List.of(ascii(hash.key())), words));
    List<K> keys = new ArrayList<>();
    for (Shape.RawRow row : Shape.HASH.rows((List<?>) answer.get(1))) {
      addIfKnown(keys, hash.fromField().apply(text(row.field())));
    }
    String cursor = next(answer.get(0));
    if (cursor != null) {
      return new Step<>(keys, new Position(at.hash(), cursor));
    }
    boolean isLast = at.hash() + 1 == spread.hashes().size();
    return new Step<>(keys, isLast ? null : new Position(at.hash() + 1, START));
  }

  private static <K> void addIfKnown(List<K> keys, @Nullable K key) {
    if (key != null) {
      keys.add(key);
    }
  }

  /** Names of keys, from the iterator over all of them. */
  private Step<String, String> names(String glob, String cursor, int count) {
    List<byte[]> words =
        List.of(ascii(cursor), ascii("MATCH"), ascii(glob), ascii("COUNT"), number(count));
    List<Object> answer = link.read(link.send(Lane.LIST, CommandType.SCAN, List.of(), words));
    List<String> names = ((List<?>) answer.get(1)).stream().map(n -> text((byte[]) n)).toList();
    return new Step<>(names, next(answer.get(0)));
  }

  private static byte[] number(int number) {
    return KeyCommand.decimal(number);
  }

  // ---- all tables of a kind ----

  <K, F, V> Page<Row<K, Row<F, V>>> scan(Table<K, F, V> table, @Nullable Object from, int limit) {
    return Pages.<Row<K, Row<F, V>>, Walk<K>>page(
        from,
        limit,
        new Walk<>(Position.FIRST, List.of()),
        walk -> tables(layout.of(table), walk, step(limit)));
  }

  /**
   * Where a walk over tables and their rows is.
   *
   * @param position among the tables; null when all have been begun
   * @param begun tables that are not listed to their end
   */
  private record Walk<K>(@Nullable Position position, List<Begun<K>> begun) {}

  private record Begun<K>(K key, String cursor) {}

  private <K, F, V> Step<Row<K, Row<F, V>>, Walk<K>> tables(
      TableLayout<K, F, V> place, Walk<K> walk, int count) {
    List<Begun<K>> begun = walk.begun();
    Position position = walk.position();
    if (begun.isEmpty() && position != null) {
      Step<K, Position> keys = keys(place.spread(), position, count);
      begun = keys.rows().stream().map(key -> new Begun<>(key, START)).toList();
      position = keys.next();
    }
    List<Row<K, Row<F, V>>> rows = new ArrayList<>();
    List<Begun<K>> unfinished = new ArrayList<>();
    for (Map.Entry<Begun<K>, Listing> entry : sendLists(place, begun, count)) {
      K key = entry.getKey().key();
      Step<Row<F, V>, String> step = rows(place, place.redisKey(key), entry.getValue());
      step.rows().forEach(row -> rows.add(new Row<>(key, row)));
      if (step.next() != null) {
        unfinished.add(new Begun<>(key, step.next()));
      }
    }
    boolean isLast = unfinished.isEmpty() && position == null;
    return new Step<>(rows, isLast ? null : new Walk<>(position, unfinished));
  }

  private <K, F, V> List<Map.Entry<Begun<K>, Listing>> sendLists(
      TableLayout<K, F, V> place, List<Begun<K>> begun, int count) {
    List<Map.Entry<Begun<K>, Listing>> sent = new ArrayList<>(begun.size());
    for (Begun<K> table : begun) {
      String key = place.redisKey(table.key());
      sent.add(Map.entry(table, sendList(place.shape(), key, table.cursor(), count)));
    }
    return sent;
  }

  /**
   * The locks of a session, out of the lock tables that its set names: a set that a client of the
   * format keeps (spec 6.15), so that nobody has to look through all keys.
   */
  <V> Page<Row<Ino, Row<LockOwner, V>>> locks(Table<Ino, LockOwner, V> table, long sid) {
    Spread.OwnKeys<Ino> spread = (Spread.OwnKeys<Ino>) layout.of(table).spread();
    List<byte[]> set = List.of(ascii(layout.lockedKey(sid)));
    List<Object> names = link.read(link.send(Lane.LIST, CommandType.SMEMBERS, set, List.of()));
    List<Ino> inodes = new ArrayList<>();
    names.forEach(name -> addIfKnown(inodes, spread.fromKey().apply(text((byte[]) name))));
    List<Ref> refs = new ArrayList<>();
    inodes.forEach(ino -> refs.add(new Ref.OfRows<>(table, ino)));
    Map<Ref, Observed> seen = fetcher.fetch(Lane.LIST, refs);
    List<Row<Ino, Row<LockOwner, V>>> rows = new ArrayList<>();
    for (int i = 0; i < refs.size(); i++) {
      Ino ino = inodes.get(i);
      Map<LockOwner, V> held = observedRows(seen.get(refs.get(i)));
      held.forEach((owner, lock) -> rows.add(new Row<>(ino, new Row<>(owner, lock))));
    }
    return new Page<>(rows, null);
  }

  @SuppressWarnings("unchecked")
  private static <F, V> Map<F, V> observedRows(@Nullable Observed observed) {
    return (Map<F, V>) Objects.requireNonNull(Objects.requireNonNull(observed).value());
  }

  // ---- chunks, and the end of a volume ----

  /** Which chunks of a file have a list; see {@link Ref.OfChunkIndexes}. */
  List<Integer> chunkIndexes(Ref.OfChunkIndexes ref) {
    long count = Integer.toUnsignedLong(ref.to()) - Integer.toUnsignedLong(ref.from());
    return count <= MOST_CHUNKS_ASKED ? askedChunks(ref, (int) count) : scannedChunks(ref);
  }

  private List<Integer> askedChunks(Ref.OfChunkIndexes ref, int count) {
    Program program = new Program();
    Program.Section section = program.section();
    program.word(ascii(layout.prefix()));
    for (int i = 0; i < count; i++) {
      String key = layout.chunkKey(ref.ino(), ref.from() + i);
      section.step(KeyCommand.of(Op.EXISTS, key), Program.Use.READ);
    }
    program.finish(section);
    List<Object> answers =
        count == 0
            ? List.of()
            : link.read(Lane.READ, Script.FETCH, program.keys(), program.words());
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (Long.valueOf(1).equals(answers.get(i))) {
        indexes.add(ref.from() + i);
      }
    }
    return indexes;
  }

  private List<Integer> scannedChunks(Ref.OfChunkIndexes ref) {
    TreeSet<Integer> indexes = new TreeSet<>(Integer::compareUnsigned);
    String start = layout.chunkKey(ref.ino(), 0);
    int cut = start.length() - 1;
    String cursor = START;
    while (cursor != null) {
      Step<String, String> found = names(layout.chunkGlob(ref.ino()), cursor, MOST_STEP);
      for (String name : found.rows()) {
        Long index = TextCodecs.parse(name.substring(cut));
        if (index != null && isWithin(ref, index)) {
          indexes.add((int) (long) index);
        }
      }
      cursor = found.next();
    }
    return List.copyOf(indexes);
  }

  private static boolean isWithin(Ref.OfChunkIndexes ref, long index) {
    return index >= Integer.toUnsignedLong(ref.from()) && index < Integer.toUnsignedLong(ref.to());
  }

  /** Whether no key has the volume's prefix. */
  boolean isEmpty() {
    String cursor = START;
    while (cursor != null) {
      Step<String, String> found = names(layout.prefix() + "*", cursor, MOST_STEP);
      if (!found.rows().isEmpty()) {
        return false;
      }
      cursor = found.next();
    }
    return true;
  }

  /**
   * Deletes every key with the volume's prefix, what marks it last: as long as anything is left it
   * can be done again.
   */
  void deleteAll() {
    List<String> last = List.of(layout.prefix() + "setting", layout.prefix() + "LOADING");
    String cursor = START;
    while (cursor != null) {
      Step<String, String> found = names(layout.prefix() + "*", cursor, LEAST_STEP);
      List<byte[]> keys =
          found.rows().stream()
              .filter(name -> !last.contains(name))
              .map(KeyCommand::ascii)
              .toList();
      if (!keys.isEmpty()) {
        link.read(link.send(Lane.WRITE, CommandType.UNLINK, keys, List.of()));
      }
      cursor = found.next();
    }
    for (String name : last) {
      link.read(link.send(Lane.WRITE, CommandType.UNLINK, List.of(ascii(name)), List.of()));
    }
  }
}
