package io.jfs.chunk.testing;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A store that fails by dice, for tests: requests refused before they did anything, answers lost
 * after they did, delays, and outages switched on and off. The dice follow the seed.
 */
public final class FaultyObjectStore implements ObjectStore {
  /**
   * How bad it is.
   *
   * @param refused share of requests that fail without effect
   * @param lostAnswers share of requests that take effect and fail
   * @param maxDelayMicros delays are up to this
   */
  public record Faults(double refused, double lostAnswers, int maxDelayMicros) {
    /** None at all. */
    public static final Faults NONE = new Faults(0, 0, 0);
  }

  private final ObjectStore store;
  private final SplittableRandom random;
  private final AtomicLong requests = new AtomicLong();
  private volatile Faults faults;
  private volatile boolean down;
  private volatile long stopAt = Long.MAX_VALUE;

  /** Owns {@code store}. */
  public FaultyObjectStore(ObjectStore store, long seed, Faults faults) {
    this.store = store;
    this.random = new SplittableRandom(seed);
    this.faults = faults;
  }

  /** From now on so bad. */
  public void setFaults(Faults faults) {
    this.faults = faults;
  }

  /** While true every request fails. */
  public void setDown(boolean down) {
    this.down = down;
  }

  /** Every request from the {@code n}-th on (counted from 1) fails: a crash at that moment. */
  public void stopAt(long n) {
    this.stopAt = n;
  }

  /** Number of requests so far. */
  public long requests() {
    return requests.get();
  }

  @Override
  public String describe() {
    return store.describe();
  }

  @Override
  public boolean hasCheapRanges() {
    return store.hasCheapRanges();
  }

  @Override
  public void create() throws IOException {
    store.create();
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    boolean answerLost = before();
    store.put(key, data);
    after(answerLost);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    boolean answerLost = before();
    int count = store.get(key, off, into);
    after(answerLost);
    return count;
  }

  @Override
  public ObjectInfo head(String key) throws IOException {
    boolean answerLost = before();
    ObjectInfo found = store.head(key);
    after(answerLost);
    return found;
  }

  @Override
  public void delete(String key) throws IOException {
    boolean answerLost = before();
    store.delete(key);
    after(answerLost);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    boolean answerLost = before();
    List<ObjectInfo> found = store.list(prefix, after, limit);
    after(answerLost);
    return found;
  }

  @Override
  public void close() {
    store.close();
  }

  /** Whether the answer is to be lost. */
  private boolean before() throws IOException {
    long number = requests.incrementAndGet();
    if (down || number >= stopAt) {
      throw new IOException("injected: store is down");
    }
    double dice;
    int delay;
    synchronized (random) {
      dice = random.nextDouble();
      delay = faults.maxDelayMicros == 0 ? 0 : random.nextInt(faults.maxDelayMicros);
    }
    LockSupport.parkNanos(delay * 1000L);
    if (dice < faults.refused) {
      throw new IOException("injected: refused");
    }
    return dice < faults.refused + faults.lostAnswers;
  }

  private static void after(boolean answerLost) throws IOException {
    if (answerLost) {
      throw new IOException("injected: answer lost");
    }
  }
}
