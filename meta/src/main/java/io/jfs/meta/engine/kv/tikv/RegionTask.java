package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.Context;
import java.util.List;

/**
 * Something to be asked of every region that holds some of a number of items.
 *
 * @param <I> what lies in regions: keys, changes, ranges still to read
 * @param <Q> the request to one region
 * @param <A> its answer
 */
interface RegionTask<I, Q, A> {
  /** The procedure. */
  Rpcs.OnRegion<Q, A> procedure();

  /** By which key an item is found. */
  ByteString key(I item);

  /** The request for those items that lie in one region. May be asked for repeatedly. */
  Q request(KnownRegion region, List<I> items);

  /** Takes an answer in; returns the items that are to be sent (again), in a next round. */
  List<I> take(KnownRegion region, List<I> items, A answer, Backoff backoff);

  /** Adds to where a request is sent. */
  default void address(Context.Builder context) {}

  /** How many bytes an item adds to a request. */
  default int weight(I item) {
    return key(item).size();
  }

  /**
   * Whether a request may be sent again when nobody knows what became of it. If not, {@link
   * AnswerLost} is thrown.
   */
  default boolean isRepeatable() {
    return true;
  }
}
