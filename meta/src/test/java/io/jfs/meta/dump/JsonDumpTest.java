package io.jfs.meta.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.FaultyEngine;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.ForwardingEngine;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dump and load on the heap; {@link DumpInteropTest} has the servers and the reference client. */
class JsonDumpTest {
  @Test
  void whatWasLoadedIsDumpedByteForByteAsTheReferenceWroteIt() throws Exception {
    try (Engine engine = KvEngine.inMemory()) {
      DumpFixture.load(engine, DumpFixture.ofTheReference());
      assertThat(DumpFixture.dump(engine)).isEqualTo(DumpFixture.ofTheReference());
      DumpFixture.assertSound(engine);
    }
  }

  @Test
  void aSubdirectoryBecomesAVolume() throws Exception {
    try (Engine whole = KvEngine.inMemory();
        Engine part = KvEngine.inMemory()) {
      DumpFixture.load(whole, DumpFixture.ofTheReference());
      String dump = DumpFixture.dump(whole, new DumpOptions("/a/b/", false, false, 2));
      assertThat(dump).contains("\"FSTree\": {\n    \"attr\": {\"inode\":3,").contains("\"hard\"");
      assertThat(dump).doesNotContain("\"Trash\"").doesNotContain("\"zzz\"");
      DumpFixture.load(part, dump);
      DumpFixture.assertSound(part);
      String again = DumpFixture.dump(part);
      // The other link of the file is not there any more.
      assertThat(again).contains("{\"inode\":1,").containsPattern("\"inode\":4,.*\"nlink\":1,");
      assertThatThrownBy(() -> DumpFixture.dump(whole, new DumpOptions("/b1", false, false, 2)))
          .hasMessage("/b1: not a directory");
      assertThatThrownBy(() -> DumpFixture.dump(whole, new DumpOptions("/no", false, false, 2)))
          .hasMessage("/no: no such directory");
    }
  }

  @Test
  void secretsAndTrashStayBehindUnlessWanted() throws Exception {
    try (Engine engine = KvEngine.inMemory()) {
      DumpFixture.load(engine, DumpFixture.ofTheReference());
      new VolumeAdmin(engine)
          .update(f -> f.set("SecretKey", "very secret"), VolumeAdmin.Checks.STRICT);
      assertThat(DumpFixture.dump(engine)).contains("\"SecretKey\": \"removed\"");
      String kept = DumpFixture.dump(engine, new DumpOptions("", true, true, 1));
      assertThat(kept).doesNotContain("\"Trash\"").doesNotContain("removed");
      try (Engine copy = KvEngine.inMemory()) {
        DumpFixture.load(copy, kept);
        assertThat(new VolumeAdmin(copy).load().text("SecretKey")).isEqualTo("very secret");
        DumpFixture.assertSound(copy);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void lostAnswersDoNoHarm(long seed) throws Exception {
    try (Engine engine = new FaultyEngine(KvEngine.inMemory(), seed, 0.2)) {
      DumpFixture.load(engine, DumpFixture.ofTheReference());
    }
    MemoryKv kv = new MemoryKv("memkv://faulty");
    try (Engine engine = new FaultyEngine(new KvEngine(kv), seed, 0.2)) {
      DumpFixture.load(engine, DumpFixture.ofTheReference());
      assertThat(DumpFixture.dump(new KvEngine(kv))).isEqualTo(DumpFixture.ofTheReference());
    }
  }

  /** As if the client had been killed: from some commit on nothing of it arrives. */
  @Test
  void aLoadThatWasKilledAnywhereIsStartedOver() throws Exception {
    int commits = 0;
    boolean completed = false;
    while (!completed) {
      MemoryKv kv = new MemoryKv("memkv://killed");
      try (Engine dying = new Dying(new KvEngine(kv), commits++)) {
        DumpFixture.load(dying, DumpFixture.ofTheReference());
        completed = true;
      } catch (EngineException e) {
        Engine again = new KvEngine(kv);
        if (new VolumeAdmin(again).find() == null) {
          DumpFixture.load(again, DumpFixture.ofTheReference());
        }
        assertThat(DumpFixture.dump(again)).isEqualTo(DumpFixture.ofTheReference());
      }
    }
    assertThat(commits).isGreaterThan(4);
  }

  private static final class Dying extends ForwardingEngine {
    private final AtomicInteger commits;

    Dying(Engine engine, int commits) {
      super(engine);
      this.commits = new AtomicInteger(commits);
    }

    @Override
    public int commitLimit() {
      return 20;
    }

    @Override
    public CommitOutcome commit(Commit commit) {
      if (!commit.mutations().isEmpty() && commits.getAndDecrement() <= 0) {
        throw new EngineException(EngineException.Kind.FATAL, "killed", null);
      }
      return super.commit(commit);
    }

    @Override
    public void destroy() {
      throw new EngineException(EngineException.Kind.FATAL, "killed", null);
    }
  }

  @Test
  void onlyAnEmptyDatabaseIsLoadedInto() throws Exception {
    try (Engine engine = KvEngine.inMemory()) {
      new VolumeAdmin(engine).create(VolumeAdmin.defaults("present"));
      assertThatThrownBy(() -> DumpFixture.load(engine, DumpFixture.ofTheReference()))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("is used by volume present");
    }
  }

  /** And the database stays empty. */
  @Test
  void whatIsNoDumpIsRefused() throws Exception {
    String dump = DumpFixture.ofTheReference();
    assertRefused("", "START_OBJECT expected");
    assertRefused("{}", "no FSTree");
    assertRefused("[1]", "START_OBJECT expected");
    assertRefused(dump.substring(0, dump.length() - 3), "not a JSON dump");
    assertRefused(dump.replaceFirst("\"Setting\"", "\"Other\""), "no Setting");
    assertRefused(
        dump.replaceFirst("\"MetaVersion\": 1", "\"MetaVersion\": 9"), "metadata version");
    assertRefused(dump.replaceFirst("\"type\":\"fifo\"", "\"type\":\"pipe\""), "unknown type");
    assertRefused(
        dump.replaceFirst(Pattern.quote("\"inode\":11,"), "\"inode\":2,"), "inode 2 twice");
  }

  private static void assertRefused(String dump, String reason) throws IOException {
    try (Engine engine = KvEngine.inMemory()) {
      assertThatThrownBy(() -> DumpFixture.load(engine, dump))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(reason);
      assertThat(engine.isEmpty()).isTrue();
    }
  }
}
