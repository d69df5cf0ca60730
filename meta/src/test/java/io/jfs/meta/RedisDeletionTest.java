package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server may hold hundreds of millions of keys: no operation may go through them. */
class RedisDeletionTest {
  @Test
  void deletionDoesNotGoThroughAllKeys() throws Exception {
    try (RedisServer server = RedisServer.start();
        TestVolume volume = TestVolume.withoutTrash(() -> Engines.open(server.url(1), Map.of()))) {
      TestVolume.Client client = volume.mount();
      VolumeMeta meta = client.meta();
      Ino file = meta.create(Caller.ROOT, Ino.ROOT, Name.of("f"), NewInode.file(0644, 022)).ino();
      Slice slice = new Slice(0, meta.newSliceId(), 100, 0, 100);
      meta.writeSlices(file, List.of(new ChunkSlice(0, slice)), Timestamp.EPOCH);
      server.cli("config", "resetstat");
      meta.unlink(Caller.ROOT, Ino.ROOT, Name.of("f"));
      client.jobs().settle();
      assertThat(volume.reaped).isNotEmpty();
      assertThat(server.cli("info", "commandstats"))
          .contains("cmdstat_evalsha:")
          .doesNotContain("cmdstat_scan:")
          .doesNotContain("cmdstat_keys:");
    }
  }
}
