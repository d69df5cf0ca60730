package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import java.util.List;

/** A task over plain keys whose answers say nothing that matters. */
abstract class KeysTask<Q, A> implements RegionTask<ByteString, Q, A> {
  private final Rpcs.OnRegion<Q, A> procedure;

  KeysTask(Rpcs.OnRegion<Q, A> procedure) {
    this.procedure = procedure;
  }

  @Override
  public Rpcs.OnRegion<Q, A> procedure() {
    return procedure;
  }

  @Override
  public ByteString key(ByteString key) {
    return key;
  }

  @Override
  public List<ByteString> take(
      KnownRegion region, List<ByteString> keys, A answer, Backoff backoff) {
    return List.of();
  }
}
