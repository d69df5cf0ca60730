package io.jfs.meta.engine.redis;

import io.jfs.meta.engine.redis.Program.Use;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.MutationPlaces;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A commit as the commit script takes it. Writes that free memory stand first: a server that is
 * full refuses a script at its first write that needs some, and deleting must stay possible.
 */
final class CommitProgram {
  private static final byte[] LAST = KeyCommand.ascii("-1");

  private final RedisLayout layout;
  private final Readings readings;
  private final Commit commit;
  private final Program program = new Program();
  private final Program.Section questions = program.section();
  private final Program.Section validations = program.section();
  private final Program.Section removals = program.section();
  private final Program.Section writes = program.section();
  private final Program.Section lockSets = program.section();
  private final Map<Ref, Reading> asked = new LinkedHashMap<>();
  private final List<Ref> told = new ArrayList<>();
  private final Set<Object> validated = new HashSet<>();
  private final Set<LockSet> lockSetsSeen = new HashSet<>();

  private record LockSet(String lock, long sid) {}

  private record TypeOf(String key, @Nullable Op count) {}

  CommitProgram(RedisLayout layout, Readings readings, Commit commit) {
    this.layout = layout;
    this.readings = readings;
    this.commit = commit;
    commit.observations().forEach(this::ask);
    commit.mutations().forEach(this::write);
    program.finish(questions, validations, removals, writes, lockSets);
  }

  List<byte[]> keys() {
    return program.keys();
  }

  List<byte[]> words() {
    return program.words();
  }

  Program program() {
    return program;
  }

  /** Which logs' lengths the script tells, in its order. */
  List<Ref> told() {
    return told;
  }

  /** What the script answers on a conflict, in its order. */
  Map<Ref, Reading> asked() {
    return asked;
  }

  // ---- observations ----

  private void ask(Ref ref, Observed observed) {
    if (ref instanceof Ref.OfChunkIndexes) {
      return;
    }
    if (!(observed.version() instanceof Replies replies)) {
      throw new IllegalArgumentException("not observed in this engine: " + ref);
    }
    Reading reading = readings.of(ref);
    asked.put(ref, reading);
    for (int i = 0; i < reading.commands().size(); i++) {
      KeyCommand command = reading.commands().get(i);
      expect(command, replies.get(i), isPrefixEnough(ref));
      validated.add(new TypeOf(command.key(), count(command.op())));
    }
  }

  /** A log that this commit removes must not have grown behind what was read. */
  private boolean isPrefixEnough(Ref ref) {
    return ref instanceof Ref.OfLog<?, ?>
        && commit.mutations().stream()
            .noneMatch(
                m ->
                    (m instanceof Mutation.DeleteLog<?, ?> || m instanceof Mutation.SetLog<?, ?>)
                        && MutationPlaces.of(m).equals(ref));
  }

  private void expect(KeyCommand command, @Nullable Object answer, boolean prefixIsEnough) {
    if (answer == null) {
      questions.step(command, Use.ABSENT);
    } else if (answer instanceof byte[] bytes) {
      questions.step(command, Use.BYTES).value(bytes);
    } else if (answer instanceof Long number) {
      questions.step(command, Use.NUMBER).number(number);
    } else if (answer instanceof List<?> list) {
      questions.step(command, prefixIsEnough ? Use.HEAD : Use.LIST).number(list.size());
      list.forEach(element -> questions.value((byte[]) element));
    } else {
      throw new IllegalArgumentException("not an answer: " + answer);
    }
  }

  // ---- mutations ----

  private void write(Mutation mutation) {
    if (mutation instanceof Mutation.Put<?, ?> m) {
      put(m);
    } else if (mutation instanceof Mutation.Delete<?, ?> m) {
      delete(m);
    } else if (mutation instanceof Mutation.PutField<?, ?, ?> m) {
      putField(m);
    } else if (mutation instanceof Mutation.RemoveField<?, ?, ?> m) {
      removeField(m);
    } else if (mutation instanceof Mutation.Clear<?, ?, ?> m) {
      clear(m);
    } else if (mutation instanceof Mutation.Append<?, ?> m) {
      append(m);
    } else if (mutation instanceof Mutation.ReplaceHead<?, ?> m) {
      replaceHead(m);
    } else if (mutation instanceof Mutation.SetLog<?, ?> m) {
      setLog(m);
    } else if (mutation instanceof Mutation.DeleteLog<?, ?> m) {
      deleteLog(m);
    } else if (mutation instanceof Mutation.Add<?> m) {
      add(m);
    } else if (mutation instanceof Mutation.AddIfPresent<?> m) {
      addIfPresent(m);
    } else if (mutation instanceof Mutation.SetCounter<?> m) {
      setCounter(m);
    } else if (mutation instanceof Mutation.DeleteCounter<?> m) {
      deleteCounter(m);
    }
  }

  private <K, V> void put(Mutation.Put<K, V> m) {
    CellLayout<K, V> cell = layout.of(m.cell());
    doWrite(writes, cell.spread().place(m.key()).write(cell.value().encode(m.value())));
  }

  private <K, V> void delete(Mutation.Delete<K, V> m) {
    doWrite(removals, layout.of(m.cell()).spread().place(m.key()).remove());
  }

  private <K, F, V> void putField(Mutation.PutField<K, F, V> m) {
    TableLayout<K, F, V> table = layout.of(m.table());
    doWrite(writes, table.write(m.key(), m.field(), m.value()));
    keepLockSet(m.table(), table.redisKey(m.key()), m.field());
  }

  private <K, F, V> void removeField(Mutation.RemoveField<K, F, V> m) {
    TableLayout<K, F, V> table = layout.of(m.table());
    doWrite(removals, table.remove(m.key(), m.field()));
    keepLockSet(m.table(), table.redisKey(m.key()), m.field());
  }

  private <K, F, V> void clear(Mutation.Clear<K, F, V> m) {
    String key = layout.of(m.table()).redisKey(m.key());
    doWrite(removals, KeyCommand.of(Op.DEL, key));
    Observed seen = commit.observations().get(new Ref.OfRows<>(m.table(), m.key()));
    if (seen != null && seen.value() instanceof Map<?, ?> rows) {
      rows.keySet().forEach(field -> keepLockSet(m.table(), key, field));
    }
  }

  /** A session's set names the lock tables in which it has a lock; spec 6.15. */
  private void keepLockSet(Table<?, ?, ?> table, String lockKey, Object field) {
    if ((table == Records.FLOCK || table == Records.PLOCK)
        && lockSetsSeen.add(new LockSet(lockKey, ((LockOwner) field).sid()))) {
      long sid = ((LockOwner) field).sid();
      String lockedKey = layout.lockedKey(sid);
      lockSets
          .step(KeyCommand.of(Op.HKEYS, lockKey), Use.KEEP_LOCK_SET)
          .key(lockedKey)
          .value(KeyCommand.ascii(RedisLayout.ownerPrefix(sid)));
      validateType(KeyCommand.of(Op.SADD, lockedKey));
    }
  }

  private <K, E> void append(Mutation.Append<K, E> m) {
    LogLayout<K, E> log = layout.of(m.log());
    if (m.entries().isEmpty()) {
      return;
    }
    List<byte[]> entries = m.entries().stream().map(log.entry()::encode).toList();
    for (KeyCommand push : pushes(Op.RPUSH, log.redisKey(m.key()), entries)) {
      validateType(push);
      writes.step(push, Use.TELL);
      told.add(MutationPlaces.of(m));
    }
    if (log.everAppendedKey() != null) {
      Place everAppended = new Place.OwnKey(log.everAppendedKey());
      validateNumber(everAppended);
      writes.step(everAppended.add(entries.size()), Use.WRITE);
    }
  }

  private <K, E> void replaceHead(Mutation.ReplaceHead<K, E> m) {
    LogLayout<K, E> log = layout.of(m.log());
    String key = log.redisKey(m.key());
    doWrite(removals, KeyCommand.of(Op.LTRIM, key, KeyCommand.decimal(m.count()), LAST));
    List<byte[]> reversed = new ArrayList<>();
    m.entries().forEach(entry -> reversed.add(0, log.entry().encode(entry)));
    pushes(Op.LPUSH, key, reversed).forEach(push -> doWrite(writes, push));
  }

  /** Lua hands a command a few thousand arguments at most. */
  private static List<KeyCommand> pushes(Op op, String key, List<byte[]> entries) {
    List<KeyCommand> pushes = new ArrayList<>();
    for (int from = 0; from < entries.size(); from += 1000) {
      int to = Math.min(entries.size(), from + 1000);
      pushes.add(new KeyCommand(op, key, entries.subList(from, to)));
    }
    return pushes;
  }

  private <K, E> void setLog(Mutation.SetLog<K, E> m) {
    LogLayout<K, E> log = layout.of(m.log());
    String key = log.redisKey(m.key());
    doWrite(removals, KeyCommand.of(Op.DEL, key));
    List<byte[]> entries = m.entries().stream().map(log.entry()::encode).toList();
    pushes(Op.RPUSH, key, entries).forEach(push -> doWrite(writes, push));
  }

  private <K, E> void deleteLog(Mutation.DeleteLog<K, E> m) {
    doWrite(removals, KeyCommand.of(Op.DEL, layout.of(m.log()).redisKey(m.key())));
  }

  private <K> void add(Mutation.Add<K> m) {
    List<Place> places = layout.of(m.counter()).places(m.key());
    for (int i = 0; i < places.size(); i++) {
      validateNumber(places.get(i));
      writes.step(places.get(i).add(m.deltas()[i]), Use.WRITE);
    }
  }

  private <K> void addIfPresent(Mutation.AddIfPresent<K> m) {
    CounterLayout<K> counter = layout.of(m.counter());
    List<Place> places = counter.places(m.key());
    places.forEach(this::validateNumber);
    writes.step(places.get(counter.presence()).exists(), Use.ONLY_IF).number(places.size());
    for (int i = 0; i < places.size(); i++) {
      writes.step(places.get(i).add(m.deltas()[i]), Use.WRITE);
    }
  }

  private <K> void setCounter(Mutation.SetCounter<K> m) {
    List<Place> places = layout.of(m.counter()).places(m.key());
    for (int i = 0; i < places.size(); i++) {
      doWrite(writes, places.get(i).write(KeyCommand.decimal(m.values()[i])));
    }
  }

  private <K> void deleteCounter(Mutation.DeleteCounter<K> m) {
    layout.of(m.counter()).places(m.key()).forEach(place -> doWrite(removals, place.remove()));
  }

  private void doWrite(Program.Section section, KeyCommand command) {
    validateType(command);
    section.step(command, Use.WRITE);
  }

  // ---- validations ----

  /** A write of another type than the key's would fail in the middle. */
  private void validateType(KeyCommand command) {
    Op count = count(command.op());
    if (count != null && validated.add(new TypeOf(command.key(), count))) {
      validations.step(KeyCommand.of(count, command.key()), Use.VALIDATE_TYPE);
    }
  }

  private void validateNumber(Place place) {
    KeyCommand read = place.read();
    if (validated.add(place)) {
      validated.add(new TypeOf(read.key(), count(read.op())));
      validations.step(read, Use.VALIDATE_NUMBER);
    }
  }

  /** The command that fails for a key of another type than a command needs; null if any will do. */
  private static @Nullable Op count(Op op) {
    return switch (op) {
      case HGET, HGETALL, HSET, HDEL, HINCRBY, HEXISTS -> Op.HLEN;
      case ZSCORE, ZRANGE, ZADD, ZREM -> Op.ZCARD;
      case SISMEMBER, SMEMBERS, SADD, SREM -> Op.SCARD;
      case LRANGE, RPUSH, LPUSH, LTRIM -> Op.LLEN;
      default -> null;
    };
  }
}
