package io.jfs.meta.engine.redis;

import static io.jfs.meta.engine.redis.KeyCommand.ascii;

import io.jfs.meta.engine.redis.RedisConnections.Lane;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.ChangeLog;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Objects;

/** The change log: a list of lines, and a number that counts all there ever were. */
final class RedisChangeLog implements ChangeLog {
  /** Lines that one call drops, so that none holds the server up for long. */
  private static final long MOST_DROPPED = 10_000;

  private final RedisLink link;
  private final String prefix;
  private final LogLayout<Volume, byte[]> log;

  RedisChangeLog(RedisLayout layout, RedisLink link) {
    this.link = link;
    this.prefix = layout.prefix();
    this.log = layout.of(Records.CHANGE_LOG);
  }

  private String key() {
    return log.redisKey(Volume.KEY);
  }

  @Override
  public Part read(long index, int limit) {
    String appended = Objects.requireNonNull(log.everAppendedKey());
    byte[] first = KeyCommand.decimal(index);
    byte[] last = KeyCommand.decimal(index + limit - 1);
    Program program = new Program();
    Program.Section section = program.section();
    program.word(ascii(prefix));
    section.step(KeyCommand.of(Op.LLEN, key()), Program.Use.READ);
    section.step(KeyCommand.of(Op.GET, appended), Program.Use.READ);
    section.step(KeyCommand.of(Op.LRANGE, key(), first, last), Program.Use.READ);
    program.finish(section);
    List<Object> answers = link.read(Lane.READ, Script.FETCH, program.keys(), program.words());
    long size = (Long) answers.get(0);
    byte[] count = (byte[]) answers.get(1);
    long newest = count == null ? 0 : TextCodecs.DECIMAL.decode(count, appended);
    return new Part(newest - size + 1, size, log.decode((List<?>) answers.get(2), key()));
  }

  @Override
  public void dropOldest(long count) {
    for (long left = count; left > 0; left -= MOST_DROPPED) {
      List<byte[]> range =
          List.of(KeyCommand.decimal(Math.min(left, MOST_DROPPED)), KeyCommand.decimal(-1));
      link.read(link.send(Lane.WRITE, CommandType.LTRIM, List.of(ascii(key())), range));
    }
  }
}
