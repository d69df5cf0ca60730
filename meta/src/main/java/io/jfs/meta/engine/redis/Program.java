package io.jfs.meta.engine.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a script is called with: the keys that it touches, once each, and words that refer to them.
 */
final class Program {
  private static final byte[][] SMALL_NUMBERS = new byte[256][];

  static {
    for (int i = 0; i < SMALL_NUMBERS.length; i++) {
      SMALL_NUMBERS[i] = KeyCommand.decimal(i);
    }
  }

  private final Map<String, Integer> keys = new LinkedHashMap<>();
  private final List<byte[]> words = new ArrayList<>();

  /** The keys in the order of their indexes, which begin with 1. */
  List<byte[]> keys() {
    return keys.keySet().stream().map(KeyCommand::ascii).toList();
  }

  List<byte[]> words() {
    return words;
  }

  /** A part of the words that is written apart and put in its place later with its count. */
  Section section() {
    return new Section();
  }

  void word(byte[] word) {
    words.add(word);
  }

  private int index(String key) {
    Integer next = keys.size() + 1;
    Integer known = keys.putIfAbsent(key, next);
    return known == null ? next : known;
  }

  private static byte[] number(int number) {
    return number < SMALL_NUMBERS.length ? SMALL_NUMBERS[number] : KeyCommand.decimal(number);
  }

  /** Some of the words, with the number of things that they say. */
  final class Section {
    private final List<byte[]> part = new ArrayList<>();
    private int count;

    /** Counts one more thing. */
    Section begin() {
      count++;
      return this;
    }

    Section word(byte[] word) {
      part.add(word);
      return this;
    }

    Section word(String word) {
      return word(KeyCommand.ascii(word));
    }

    Section word(int number) {
      return word(number(number));
    }

    Section key(String key) {
      return word(index(key));
    }

    Section command(KeyCommand command) {
      word(command.name()).key(command.key()).word(command.args().size());
      part.addAll(command.args());
      return this;
    }

    boolean isEmpty() {
      return count == 0;
    }

    /** Puts a part behind this one. */
    void append(Section tail) {
      count += tail.count;
      part.addAll(tail.part);
    }

    /** Puts the count and the words into the program. */
    void finish() {
      words.add(number(count));
      finishUncounted();
    }

    /** Puts the words into the program. */
    void finishUncounted() {
      words.addAll(part);
    }
  }
}
