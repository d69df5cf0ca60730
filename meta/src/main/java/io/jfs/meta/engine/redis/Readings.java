package io.jfs.meta.engine.redis;

import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.MutationPlaces;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Translates refs to the commands that read them. */
final class Readings {
  private final RedisLayout layout;

  Readings(RedisLayout layout) {
    this.layout = layout;
  }

  /** How to read a ref that is neither a chain nor a question for chunk indexes. */
  Reading of(Ref ref) {
    if (ref instanceof Ref.OfCell<?, ?> r) {
      return cell(r);
    } else if (ref instanceof Ref.OfField<?, ?, ?> r) {
      return field(r);
    } else if (ref instanceof Ref.OfRows<?, ?, ?> r) {
      return rows(r);
    } else if (ref instanceof Ref.OfEmptiness<?, ?, ?> r) {
      return emptiness(r);
    } else if (ref instanceof Ref.OfLog<?, ?> r) {
      return log(r);
    } else if (ref instanceof Ref.OfCounter<?> r) {
      return counter(r);
    }
    throw new IllegalArgumentException("not a single reading: " + ref);
  }

  private <K, V> Reading cell(Ref.OfCell<K, V> ref) {
    CellLayout<K, V> cell = layout.of(ref.cell());
    return Reading.one(
        cell.spread().place(ref.key()).read(),
        answer -> answer == null ? null : cell.value().decode((byte[]) answer, ref));
  }

  private <K, F, V> Reading field(Ref.OfField<K, F, V> ref) {
    TableLayout<K, F, V> table = layout.of(ref.table());
    return Reading.one(table.read(ref.key(), ref.field()), answer -> table.decode(answer, ref));
  }

  private <K, F, V> Reading rows(Ref.OfRows<K, F, V> ref) {
    TableLayout<K, F, V> table = layout.of(ref.table());
    return new Reading(
        List.of(table.shape().readAll(table.redisKey(ref.key()))),
        replies -> table.decodeRows(replies.list(0), ref));
  }

  private <K, F, V> Reading emptiness(Ref.OfEmptiness<K, F, V> ref) {
    String key = layout.of(ref.table()).redisKey(ref.key());
    return Reading.one(KeyCommand.of(Op.EXISTS, key), Long.valueOf(0)::equals);
  }

  private <K, E> Reading log(Ref.OfLog<K, E> ref) {
    LogLayout<K, E> log = layout.of(ref.log());
    KeyCommand command =
        KeyCommand.of(
            Op.LRANGE, log.redisKey(ref.key()), KeyCommand.ascii("0"), KeyCommand.ascii("-1"));
    return new Reading(List.of(command), replies -> log.decode(replies.list(0), ref));
  }

  private <K> Reading counter(Ref.OfCounter<K> ref) {
    CounterLayout<K> counter = layout.of(ref.counter());
    List<KeyCommand> commands = counter.places(ref.key()).stream().map(Place::read).toList();
    return new Reading(commands, replies -> counter.decode(replies.answers(), ref));
  }

  /** The value of a ref in its raw answers. */
  Observed observe(Ref ref, Reading reading, Replies replies) {
    return new Observed(reading.decode().apply(replies), replies);
  }

  /** Puts what a committed mutation left behind into {@code known}, if that is certain. */
  void learn(Mutation mutation, Map<Ref, Observed> known) {
    if (mutation instanceof Mutation.Put<?, ?> m) {
      known.put(MutationPlaces.of(m), put(m));
    } else if (mutation instanceof Mutation.PutField<?, ?, ?> m) {
      known.put(MutationPlaces.of(m), putField(m));
    } else if (mutation instanceof Mutation.Delete<?, ?> m) {
      known.put(MutationPlaces.of(m), new Observed(null, Replies.of(null)));
    } else if (mutation instanceof Mutation.RemoveField<?, ?, ?> m) {
      Shape shape = layout.of(m.table()).shape();
      known.put(MutationPlaces.of(m), new Observed(null, Replies.of(shape.answerFor(null))));
    } else if (mutation instanceof Mutation.SetCounter<?> m) {
      known.put(MutationPlaces.of(m), setCounter(m));
    }
  }

  private <K, V> Observed put(Mutation.Put<K, V> m) {
    return new Observed(m.value(), Replies.of(layout.of(m.cell()).value().encode(m.value())));
  }

  private <K, F, V> Observed putField(Mutation.PutField<K, F, V> m) {
    TableLayout<K, F, V> table = layout.of(m.table());
    byte[] stored = table.value().encode(m.value());
    return new Observed(m.value(), Replies.of(table.shape().answerFor(stored)));
  }

  private static Observed setCounter(Mutation.SetCounter<?> m) {
    List<Object> answers = new ArrayList<>(m.values().length);
    for (long value : m.values()) {
      answers.add(KeyCommand.decimal(value));
    }
    return new Observed(m.values().clone(), new Replies(answers));
  }
}
