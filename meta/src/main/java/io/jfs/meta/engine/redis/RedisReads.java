package io.jfs.meta.engine.redis;

import io.jfs.meta.engine.redis.RedisConnections.Lane;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fetch on one lane: a plain command where one will do, else one script, so that all answers are
 * from one moment. A very large fetch is several scripts, pipelined.
 */
final class RedisReads {
  /** Reads that one call makes at most, so that none holds the server up for long. */
  private static final int READS_PER_CALL = 1000;

  private final Lane lane;
  private final RedisLayout layout;
  private final Readings readings;
  private final RedisLink link;
  private final RedisScans scans;
  private final Map<Ref, Observed> seen = new HashMap<>();

  RedisReads(Lane lane, RedisLayout layout, Readings readings, RedisLink link, RedisScans scans) {
    this.lane = lane;
    this.layout = layout;
    this.readings = readings;
    this.link = link;
    this.scans = scans;
  }

  Map<Ref, Observed> fetch(Collection<? extends Ref> refs) {
    Map<Ref, Reading> single = new LinkedHashMap<>();
    List<Ref> chainsAndAll = new ArrayList<>(refs.size());
    for (Ref ref : refs) {
      if (ref instanceof Ref.OfChunkIndexes indexes) {
        seen.put(ref, new Observed(scans.chunkIndexes(indexes), null));
        continue;
      }
      chainsAndAll.add(ref);
      if (!(ref instanceof Ref.OfAttrBehind)) {
        single.put(ref, readings.of(ref));
      }
    }
    boolean hasChains = single.size() < chainsAndAll.size();
    if (hasChains || !fetchDirectly(single)) {
      fetchByScript(chainsAndAll);
    }
    return seen;
  }

  private boolean fetchDirectly(Map<Ref, Reading> asked) {
    if (asked.isEmpty()) {
      return true;
    }
    if (asked.size() == 1) {
      Map.Entry<Ref, Reading> one = asked.entrySet().iterator().next();
      return fetchOne(one.getKey(), one.getValue());
    }
    if (!asked.values().stream().allMatch(RedisReads::isGet)) {
      return false;
    }
    fetchStrings(asked);
    return true;
  }

  private boolean fetchOne(Ref ref, Reading reading) {
    KeyCommand command = reading.commands().get(0);
    CommandType type = reading.commands().size() == 1 ? direct(command.op()) : null;
    if (type == null) {
      return false;
    }
    byte[] key = KeyCommand.ascii(command.key());
    List<Object> answer = link.read(link.send(lane, type, List.of(key), command.args()));
    Object value = type == CommandType.LRANGE ? answer : answer.get(0);
    seen.put(ref, readings.observe(ref, reading, Replies.of(value)));
    return true;
  }

  /** Commands whose answers look the same in and outside of a script. */
  private static @Nullable CommandType direct(Op op) {
    return switch (op) {
      case GET -> CommandType.GET;
      case HGET -> CommandType.HGET;
      case EXISTS -> CommandType.EXISTS;
      case LRANGE -> CommandType.LRANGE;
      default -> null;
    };
  }

  private static boolean isGet(Reading reading) {
    return reading.commands().size() == 1 && reading.commands().get(0).op() == Op.GET;
  }

  private void fetchStrings(Map<Ref, Reading> asked) {
    List<byte[]> keys =
        asked.values().stream().map(r -> KeyCommand.ascii(r.commands().get(0).key())).toList();
    List<RedisLink.Sent> sent =
        parts(keys).stream()
            .map(part -> link.send(lane, CommandType.MGET, part, List.of()))
            .toList();
    List<@Nullable Object> values = new ArrayList<>(keys.size());
    sent.forEach(part -> values.addAll(link.read(part)));
    int at = 0;
    for (Map.Entry<Ref, Reading> one : asked.entrySet()) {
      Replies replies = Replies.of(values.get(at++));
      seen.put(one.getKey(), readings.observe(one.getKey(), one.getValue(), replies));
    }
  }

  private void fetchByScript(List<Ref> refs) {
    List<FetchProgram> programs =
        parts(refs).stream().map(part -> new FetchProgram(layout, readings, part)).toList();
    List<RedisLink.Sent> sent =
        programs.stream().map(p -> link.call(lane, Script.FETCH, p.keys(), p.words())).toList();
    for (int i = 0; i < programs.size(); i++) {
      FetchProgram p = programs.get(i);
      List<Object> answers =
          link.read(sent.get(i), () -> link.callWhole(lane, Script.FETCH, p.keys(), p.words()));
      p.decode(answers, seen);
    }
  }

  private static <T> List<List<T>> parts(List<T> all) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += READS_PER_CALL) {
      parts.add(all.subList(from, Math.min(all.size(), from + READS_PER_CALL)));
    }
    return parts;
  }
}
