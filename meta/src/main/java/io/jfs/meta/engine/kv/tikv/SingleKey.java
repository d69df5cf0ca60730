package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One request about one key. */
final class SingleKey<Q, A> implements RegionTask<ByteString, Q, A> {
  private final Rpcs.OnRegion<Q, A> procedure;
  private final ByteString key;
  private final Q request;
  private @Nullable A answer;

  SingleKey(Rpcs.OnRegion<Q, A> procedure, ByteString key, Q request) {
    this.procedure = procedure;
    this.key = key;
    this.request = request;
  }

  A run(RegionClient client, Backoff backoff) {
    client.run(this, List.of(key), backoff);
    return Objects.requireNonNull(answer);
  }

  @Override
  public Rpcs.OnRegion<Q, A> procedure() {
    return procedure;
  }

  @Override
  public ByteString key(ByteString item) {
    return item;
  }

  @Override
  public Q request(KnownRegion region, List<ByteString> keys) {
    return request;
  }

  @Override
  public List<ByteString> take(
      KnownRegion region, List<ByteString> keys, A taken, Backoff backoff) {
    answer = taken;
    return List.of();
  }
}
