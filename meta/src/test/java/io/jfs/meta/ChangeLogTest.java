package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.txn.ChangeLog;
import io.jfs.meta.txn.Engine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The lines of the change log: those that the reference wrote for the same operations (metadata
 * spec 3.6 and 11.7).
 */
class ChangeLogTest {
  private static final Caller ROOT = Caller.ROOT;

  private RedisServer server;
  private TestVolume volume;
  private VolumeMeta meta;

  @BeforeEach
  void mount() throws Exception {
    server = RedisServer.start();
    volume =
        TestVolume.with(
            this::engine,
            format ->
                format
                    .set("TrashDays", 0L)
                    .set("ChangeLog", true)
                    .set("ChangeLogMaxAge", 3600L)
                    .set("ChangeLogMaxLines", 0L));
    meta = volume.mount().meta();
  }

  @AfterEach
  void stop() {
    volume.close();
    server.close();
  }

  private Engine engine() {
    return Engines.open(server.url(1), Map.of());
  }

  private ChangeLog.Part log(Engine engine) {
    return Objects.requireNonNull(engine.changeLog()).read(0, 1000);
  }

  /** The lines without their time; who wrote them stands behind. */
  private List<String> lines() {
    try (Engine engine = engine()) {
      return log(engine).lines().stream()
          .map(line -> new String(line, StandardCharsets.US_ASCII))
          .map(line -> line.replaceFirst("^\\d+\\.\\d{9}\\|", ""))
          .toList();
    }
  }

  private Ino make(Ino parent, String name, NewInode what) throws FsException {
    return meta.create(ROOT, parent, Name.of(name), what).ino();
  }

  @Test
  void operationsHaveTheLinesOfTheReference() throws Exception {
    Ino dir = make(Ino.ROOT, "dir", NewInode.directory(0777, 022));
    Ino file = make(dir, "a,b%(c)", NewInode.file(0644, 022));
    Slice slice = new Slice(0, 4097, 5, 0, 5);
    meta.writeSlices(file, List.of(new Meta.ChunkSlice(0, slice)), new Timestamp(7, 9));
    meta.link(ROOT, file, dir, Name.of("hard"));
    meta.setAttr(
        ROOT, file, new AttrUpdate(0600, null, null, null, null, false, false, null, true));
    meta.truncate(ROOT, file, 3, false);
    meta.setXattr(ROOT, file, Name.of("user.a"), new byte[] {'v', '(', 0}, 0);
    meta.rename(ROOT, dir, Name.of("hard"), Ino.ROOT, Name.of("moved"), 0);
    meta.unlink(ROOT, Ino.ROOT, Name.of("moved"));
    make(dir, "soft", NewInode.symlink("to,where".getBytes(StandardCharsets.UTF_8)));
    List<String> lines = lines();
    assertThat(lines.get(0)).isEqualTo("INCR_COUNTER(nextSession,1)|(0,1)");
    assertThat(lines.get(1)).startsWith("NEWSESSION(1,").endsWith("|(1,2)");
    assertThat(lines.subList(2, lines.size()))
        .extracting(line -> line.replaceFirst("(SETATTR\\(3,1,0,0,0,384,0),.*\\)\\|", "$1)|"))
        .containsExactly(
            "INCR_COUNTER(nextInode,1024)|(1,3)",
            "CREATE(1,dir,0,0,2,511,18,,linux,true):2|(1,4)",
            "CREATE(2,a%2Cb%25%28c%29,0,0,1,420,18,,linux,false):3|(1,5)",
            "WRITE(3,0,0,4097,5,7,9):0|(1,6)",
            "LINK(3,2,hard,false):2|(1,7)",
            "SETATTR(3,1,0,0,0,384,0)|(1,8)",
            "TRUNCATE(3,5,3,0)|(1,9)",
            "SETXATTR(3,user.a,v%28%00,0)|(1,10)",
            "MOVE(2,hard,1,moved,0,0,0):3|(1,11)",
            "UNLINK(1,moved,0,false,false):3|(1,12)",
            "CREATE(2,soft,0,0,3,511,0,to%2Cwhere,linux,false):4|(1,13)");
  }

  @Test
  void refusalsHaveNoLine() throws Exception {
    make(Ino.ROOT, "a", NewInode.file(0644, 0));
    int before = lines().size();
    assertThat(TestClient.refusal(() -> make(Ino.ROOT, "a", NewInode.file(0644, 0)))).isNotNull();
    assertThat(lines()).hasSize(before);
  }

  @Test
  void oldLinesAreDroppedAndVersionsGoOn() throws Exception {
    make(Ino.ROOT, "a", NewInode.file(0644, 0));
    volume.clock.advance(Duration.ofMinutes(50));
    make(Ino.ROOT, "b", NewInode.file(0644, 0));
    volume.clock.advance(Duration.ofMinutes(20));
    TestVolume.Client other = volume.mount();
    try (Engine engine = engine()) {
      long newest = log(engine).oldestVersion() + log(engine).size();
      other.jobs().run("change log");
      ChangeLog.Part left = log(engine);
      assertThat(new String(left.lines().get(0), StandardCharsets.US_ASCII)).contains("(1,b,");
      assertThat(left.oldestVersion() + left.size()).isEqualTo(newest + 1); // that of the lease
    }
  }
}
