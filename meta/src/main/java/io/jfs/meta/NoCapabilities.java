package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Ref;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Files of which this client has just learned that they carry no {@code security.capability}. The
 * kernel asks for that attribute before the first write to a file; a file that was created here, or
 * opened for writing with the attribute looked at along the way, needs no round trip of its own for
 * the answer. Believed for a second, as attributes are. Bounded; thread safe.
 */
final class NoCapabilities {
  /** The attribute: capabilities(7). */
  static final Name NAME = Name.of("security.capability");

  private static final int CAPACITY = 8192;
  private static final long BELIEF_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoClock;

  @GuardedBy("this")
  private final Map<Ino, Long> learnedNanos =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Ino, Long> eldest) {
          return size() > CAPACITY;
        }
      };

  NoCapabilities(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** A ref to the attribute, to be read along with something else. */
  static Ref ref(Ino ino) {
    return new Ref.OfField<>(Records.XATTR, ino, NAME);
  }

  /** The file has none now. */
  synchronized void learn(Ino ino) {
    learnedNanos.remove(ino);
    learnedNanos.put(ino, nanoClock.getAsLong());
  }

  /** An attribute of the file is being set. */
  synchronized void forget(Ino ino) {
    learnedNanos.remove(ino);
  }

  /** Whether the file had none a moment ago. */
  synchronized boolean contains(Ino ino) {
    Long learned = learnedNanos.get(ino);
    return learned != null && nanoClock.getAsLong() - learned <= BELIEF_NANOS;
  }
}
