package io.jfs.meta.engine.redis;

import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.RefChains;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several refs, chains among them, as the fetch script takes them. */
final class FetchProgram {
  private final RedisLayout layout;
  private final Readings readings;
  private final Program program = new Program();
  private final List<Question> questions = new ArrayList<>();

  private record Question(Ref ref, @Nullable Reading reading, int answers) {}

  FetchProgram(RedisLayout layout, Readings readings, List<Ref> refs) {
    this.layout = layout;
    this.readings = readings;
    Program.Section section = program.section();
    refs.forEach(ref -> ask(section, ref));
    program.word(KeyCommand.ascii(layout.prefix()));
    program.finish(section);
  }

  private void ask(Program.Section section, Ref ref) {
    if (ref instanceof Ref.OfAttrBehind chain) {
      String directory = layout.of(Records.DENTRY).redisKey(chain.parent());
      section.step(KeyCommand.of(Op.ENTRY, directory, chain.name().bytes()), Program.Use.READ);
      questions.add(new Question(ref, null, 1));
    } else {
      Reading reading = readings.of(ref);
      reading.commands().forEach(command -> section.step(command, Program.Use.READ));
      questions.add(new Question(ref, reading, reading.commands().size()));
    }
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

  /** Puts what the script answered into {@code seen}. */
  void decode(List<Object> answers, Map<Ref, Observed> seen) {
    int at = 0;
    for (Question question : questions) {
      Reading reading = question.reading();
      if (reading == null) {
        decodeChain((Ref.OfAttrBehind) question.ref(), (List<?>) answers.get(at), seen);
      } else {
        Replies replies = new Replies(answers.subList(at, at + question.answers()));
        seen.put(question.ref(), readings.observe(question.ref(), reading, replies));
      }
      at += question.answers();
    }
  }

  private void decodeChain(Ref.OfAttrBehind chain, List<?> pair, Map<Ref, Observed> seen) {
    Ref first = RefChains.dentry(chain);
    Object stored = pair.get(0);
    Observed entry = observe(first, stored);
    seen.put(first, entry);
    Ref second = RefChains.attr(entry);
    if (second != null) {
      seen.put(second, observe(second, pair.get(1)));
    }
  }

  private Observed observe(Ref ref, @Nullable Object answer) {
    return readings.observe(ref, readings.of(ref), Replies.of(answer));
  }
}
