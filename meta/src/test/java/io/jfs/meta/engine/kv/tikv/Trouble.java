package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;
import java.util.List;

/** What goes wrong with a request to a store of the fake cluster. */
sealed interface Trouble {
  Trouble NONE = new Slow(0);
  Trouble LOST_REQUEST = new Lost(false);
  Trouble LOST_ANSWER = new Lost(true);

  /** The region refuses. */
  record Refused(RegionError error) implements Trouble {}

  /** The connection breaks, before or after the request was carried out. */
  record Lost(boolean afterwards) implements Trouble {}

  /** The answer takes its time. */
  record Slow(long millis) implements Trouble {}

  /** Decides about each request. */
  @FunctionalInterface
  interface Maker {
    /**
     * @param procedure its short name, as KvPrewrite
     * @param keys that it is about
     */
    Trouble next(String procedure, List<ByteString> keys);
  }
}
