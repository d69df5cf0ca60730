package io.jfs.meta.engine.redis;

import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.redis.RedisConnections.Lane;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.ChangeLog;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EntryPage;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.protocol.CommandType;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in Redis, in the layout of metadata spec section 3. A fetch is one round trip, of one
 * moment; a commit is one script that compares what was observed and writes only if it still holds.
 * Nothing is watched, and nothing lasts on a connection from one call to the next.
 */
public final class RedisEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(RedisEngine.class);
  private static final int OLDEST_VERSION = 5;

  private final RedisUrl url;
  private final RedisLink link;
  private final RedisLayout layout;
  private final Readings readings;
  private final RedisScans scans;
  private final RedisEntries entries;

  private RedisEngine(RedisUrl url, RedisLink link) {
    this.url = url;
    this.link = link;
    this.layout = new RedisLayout(link.isCluster() ? url.hashTag() : "");
    this.readings = new Readings(layout);
    this.scans = new RedisScans(layout, link, this::fetch);
    this.entries = new RedisEntries(layout, link, this::fetch);
  }

  /**
   * Connects, and says in the log what an operator should know about the server.
   *
   * @param url schemes redis, rediss, unix; spec vfs-cli 3.2
   * @param environment for passwords that the address leaves out
   * @throws EngineException TRANSIENT if no server answers; FATAL for a bad address, a refusal, or
   *     a server that is too old
   */
  public static RedisEngine open(MetaUrl url, Map<String, String> environment) {
    RedisUrl parsed = RedisUrl.parse(url, environment);
    RedisConnector connector = new RedisConnector(parsed, new SecureRandom());
    try {
      RedisLink link = new RedisLink(parsed, connector, System::nanoTime);
      report(parsed, link);
      link.loadScripts();
      return new RedisEngine(parsed, link);
    } catch (RuntimeException e) {
      connector.close();
      throw e;
    }
  }

  private static void report(RedisUrl url, RedisLink link) {
    ServerFacts facts = link.facts();
    if (facts.majorVersion() > 0 && facts.majorVersion() < OLDEST_VERSION) {
      throw new EngineException(
          EngineException.Kind.FATAL,
          "Redis " + facts.version() + " at " + url + " is too old: 5.0 or newer is needed",
          null);
    }
    LOG.info(
        "Ping redis latency: {} us, Redis {} at {}", link.pingNanos() / 1000, facts.version(), url);
    if (!facts.hasAppendOnlyFile()) {
      LOG.warn("AOF is not enabled, you may lose data if Redis is not shutdown properly.");
    }
    String policy = facts.maxmemoryPolicy();
    if (!policy.isEmpty() && !policy.equals("noeviction")) {
      LOG.warn("maxmemory_policy is \"{}\", please set it to 'noeviction'.", policy);
    }
  }

  @Override
  public String describe() {
    return url.masked();
  }

  @Override
  public boolean remembersReads() {
    return true;
  }

  @Override
  public ChangeLog changeLog() {
    return new RedisChangeLog(layout, link);
  }

  // ---- fetch ----

  @Override
  public Map<Ref, Observed> fetch(Collection<Ref> refs) {
    return fetch(Lane.READ, refs);
  }

  private Map<Ref, Observed> fetch(Lane lane, Collection<? extends Ref> refs) {
    return new RedisReads(lane, layout, readings, link, scans).fetch(refs);
  }

  // ---- commit ----

  @Override
  public CommitOutcome commit(Commit commit) {
    CommitProgram program = new CommitProgram(layout, readings, commit);
    List<byte[]> keys = program.program().keys();
    if (keys.isEmpty()) {
      return CommitOutcome.COMMITTED;
    }
    List<byte[]> words = program.program().words();
    try {
      return outcome(commit, program, send(keys, words));
    } catch (RedisLink.LostAnswer e) {
      if (commit.mutations().isEmpty()) {
        throw e.meaning();
      }
      LOG.warn("the answer to a commit was lost: {}", String.valueOf(e.meaning().getMessage()));
      return CommitOutcome.UNKNOWN;
    }
  }

  private List<Object> send(List<byte[]> keys, List<byte[]> words) throws RedisLink.LostAnswer {
    try {
      return link.call(Lane.WRITE, Script.COMMIT, keys, words).await();
    } catch (RedisNoScriptException e) {
      return link.callWhole(Lane.WRITE, Script.COMMIT, keys, words).await();
    }
  }

  private CommitOutcome outcome(Commit commit, CommitProgram program, List<Object> answer) {
    List<?> details = (List<?>) answer.get(1);
    Map<Ref, Observed> fresh = new HashMap<>();
    if (Long.valueOf(0).equals(answer.get(0))) {
      int at = 0;
      for (Map.Entry<Ref, Reading> asked : program.asked().entrySet()) {
        int end = at + asked.getValue().commands().size();
        Replies replies = new Replies(details.subList(at, end));
        fresh.put(asked.getKey(), readings.observe(asked.getKey(), asked.getValue(), replies));
        at = end;
      }
      return new CommitOutcome(CommitOutcome.Status.CONFLICT, fresh, Map.of());
    }
    Map<Ref, Integer> lengths = new HashMap<>();
    for (int i = 0; i < details.size(); i++) {
      lengths.put(program.told().get(i), Math.toIntExact((Long) details.get(i)));
    }
    for (Mutation mutation : commit.mutations()) {
      readings.learn(mutation, fresh);
    }
    return new CommitOutcome(CommitOutcome.Status.COMMITTED, fresh, lengths);
  }

  // ---- sequences ----

  @Override
  public long allocate(Sequence sequence, int count) {
    List<byte[]> key = List.of(KeyCommand.ascii(layout.sequenceKey(sequence)));
    if (sequence == Sequence.INODE) {
      // The counter holds the last id used, and the first two ids are taken: 0 is none, 1 the root.
      List<byte[]> none = List.of(KeyCommand.decimal(1));
      link.send(Lane.WRITE, CommandType.SETNX, key, none);
    }
    List<byte[]> amount = List.of(KeyCommand.decimal(count));
    long last = (Long) link.read(link.send(Lane.WRITE, CommandType.INCRBY, key, amount)).get(0);
    return last - count + 1;
  }

  @Override
  public long peek(Sequence sequence) {
    List<byte[]> key = List.of(KeyCommand.ascii(layout.sequenceKey(sequence)));
    byte[] stored =
        (byte[]) link.read(link.send(Lane.READ, CommandType.GET, key, List.of())).get(0);
    long last = stored == null ? 0 : TextCodecs.DECIMAL.decode(stored, sequence);
    return Math.max(last, sequence == Sequence.INODE ? 1 : 0) + 1;
  }

  // ---- listings ----

  @Override
  public <K, F, V> Page<Row<F, V>> list(
      Table<K, F, V> table, K key, @Nullable Object from, int limit) {
    return scans.list(table, key, from, limit);
  }

  @Override
  public EntryPage listWithAttributes(Ino directory, @Nullable Object from, int limit) {
    return entries.list(directory, from, limit);
  }

  @Override
  public int entriesPerRequest() {
    return RedisEntries.MOST_JOINED;
  }

  @Override
  public <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, @Nullable Object from, int limit) {
    return scans.scan(cell, from, limit);
  }

  @Override
  public <K, V> Page<K> keys(Cell<K, V> cell, @Nullable Object from, int limit) {
    return scans.keys(cell, from, limit);
  }

  @Override
  public <K, F, V> Page<Row<K, Row<F, V>>> scan(
      Table<K, F, V> table, @Nullable Object from, int limit) {
    return scans.scan(table, from, limit);
  }

  @Override
  public <V> Page<Row<Ino, Row<LockOwner, V>>> scanLocks(
      Table<Ino, LockOwner, V> table, long sid, @Nullable Object from, int limit) {
    return scans.locks(table, sid);
  }

  @Override
  public <K, E> Page<Row<K, List<E>>> scan(Log<K, E> log, @Nullable Object from, int limit) {
    return scans.scan(log, from, limit);
  }

  @Override
  public <K> Page<Row<K, long[]>> scan(Counter<K> counter, @Nullable Object from, int limit) {
    return scans.scan(counter, from, limit);
  }

  // ---- the whole volume ----

  /**
   * Returns at once: Redis acknowledges a write when it is in memory, and when its log reaches the
   * disk is for the server's appendfsync setting to say. The first connection warns when there is
   * no log at all.
   */
  @Override
  public void sync() {}

  @Override
  public boolean isEmpty() {
    if (link.isCluster()) {
      return scans.isEmpty();
    }
    List<Object> size = link.read(link.send(Lane.READ, CommandType.DBSIZE, List.of(), List.of()));
    return Long.valueOf(0).equals(size.get(0));
  }

  @Override
  public void destroy() {
    if (link.isCluster()) {
      scans.deleteAll();
    } else {
      link.read(link.send(Lane.WRITE, CommandType.FLUSHDB, List.of(), List.of()));
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
