package io.jfs.meta.engine.redis;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a script is called with: the keys that it touches, once each, and a plan of steps with their
 * values. A step is six bytes: number of the command, index of its key (two), number of its
 * arguments (two), what to do with the answer. Steps of one form are few bytes and always the same
 * ones, which keeps the server's work of taking them apart small.
 */
final class Program {
  private final Map<String, Integer> keys = new LinkedHashMap<>();
  private final List<byte[]> words = new ArrayList<>();

  /** What a script does with the answer to a step. */
  enum Use {
    /** Returns it. */
    READ(0),
    /** Returns it; it must be nil. */
    ABSENT(1),
    /** Returns it; it must be the value that follows. */
    BYTES(2),
    /** Returns it; it must be the number that follows. */
    NUMBER(3),
    /** Returns it; it must be as many elements as follow behind their count, and those. */
    LIST(4),
    /** Returns it; it must begin with the elements that follow behind their count. */
    HEAD(5),
    /** Nothing: that the command does not fail is what counts. */
    VALIDATE_TYPE(6),
    /** It must be nil or a decimal number. */
    VALIDATE_NUMBER(7),
    /** Nothing. */
    WRITE(8),
    /** Returns it once everything is written. */
    TELL(9),
    /** It says by 1 that the next steps are to be done; their number follows. */
    ONLY_IF(10),
    /**
     * It is the fields of a lock table. The key whose index follows is the set of lock tables in
     * which a session has a lock; its fields begin with the text behind that.
     */
    KEEP_LOCK_SET(11);

    private final int number;

    Use(int number) {
      this.number = number;
    }
  }

  /** The keys in the order of their indexes, which begin with 1. */
  List<byte[]> keys() {
    List<byte[]> encoded = new ArrayList<>(keys.size());
    keys.keySet().forEach(key -> encoded.add(KeyCommand.ascii(key)));
    return encoded;
  }

  /** The plan and the values, behind what {@link #word} put before them. */
  List<byte[]> words() {
    return words;
  }

  /** Something before the plan. */
  void word(byte[] word) {
    words.add(word);
  }

  /** A part of the plan that is written apart. */
  Section section() {
    return new Section();
  }

  /** Ends the program: its plan is these parts, one after the other. */
  void finish(Section... sections) {
    ByteArrayOutputStream plan = new ByteArrayOutputStream();
    for (Section section : sections) {
      plan.writeBytes(section.plan.toByteArray());
    }
    words.add(plan.toByteArray());
    for (Section section : sections) {
      words.addAll(section.values);
    }
  }

  private int index(String key) {
    Integer next = keys.size() + 1;
    Integer known = keys.putIfAbsent(key, next);
    return known == null ? next : known;
  }

  /** Some of the steps. */
  final class Section {
    private final ByteArrayOutputStream plan = new ByteArrayOutputStream();
    private final List<byte[]> values = new ArrayList<>();

    /** Adds a step; what its use needs follows as {@link #value}s. */
    Section step(KeyCommand command, Use use) {
      plan.write(command.op().number());
      twoBytes(index(command.key()));
      twoBytes(command.args().size());
      plan.write(use.number);
      values.addAll(command.args());
      return this;
    }

    Section value(byte[] value) {
      values.add(value);
      return this;
    }

    Section number(long number) {
      return value(KeyCommand.decimal(number));
    }

    /** The index of a key, as a value. */
    Section key(String key) {
      return number(index(key));
    }

    private void twoBytes(int number) {
      if (number > 0xFFFF) {
        throw new IllegalArgumentException("more than one script can do at once: " + number);
      }
      plan.write(number >> 8);
      plan.write(number);
    }
  }
}
