package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.background.QuotaBook.QuotaUsage;
import io.jfs.meta.background.TreeUsage.Exactness;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.ops.QuotaGuard.Amount;
import io.jfs.meta.session.SessionFacts;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A quota set by one client is enforced and counted by the other. */
@Tag("interop")
@Timeout(300)
class QuotaInteropTest {
  private static final QuotaKey USER = new QuotaKey(Kind.USER, 1000);
  private static final QuotaKey GROUP = new QuotaKey(Kind.GROUP, 1000);

  @TempDir Path directory;
  private RedisServer server;
  private JuiceFs juicefs;

  @BeforeEach
  void start() {
    server = RedisServer.start();
    juicefs = new JuiceFs(directory, server);
    juicefs.format("--trash-days", "0");
  }

  @AfterEach
  void stop() {
    if (juicefs != null) {
      juicefs.close();
    }
    server.close();
  }

  private VolumeMeta open() throws Exception {
    return VolumeMeta.open(
        Engines.open(server.url(1), Map.of()),
        MetaConfig.DEFAULT.withBackgroundJobs(false),
        SessionFacts.ofThisProcess("test", Clock.systemUTC().instant()),
        SliceReaper.NONE);
  }

  private void quota(String... arguments) {
    String line = "juicefs quota " + arguments[0] + " " + juicefs.meta();
    for (int i = 1; i < arguments.length; i++) {
      line += " " + arguments[i];
    }
    JuiceFs.shell(directory, line);
  }

  private static Ino find(VolumeMeta meta, String name) throws Exception {
    Entry entry = meta.lookup(Caller.ROOT, Ino.ROOT, Name.of(name));
    assertThat(entry).as(name).isNotNull();
    return entry == null ? Ino.NONE : entry.ino();
  }

  private static Errno creating(VolumeMeta meta, Caller caller, Ino parent, String name) {
    return TestClient.refusal(
        () -> {
          Entry made = meta.create(caller, parent, Name.of(name), NewInode.file(0644, 022));
          meta.close(made.ino());
        });
  }

  @Test
  void setByTheReferenceEnforcedAndCountedHere() throws Exception {
    quota("set", "--path", "/d", "--create", "--inodes", "3");
    JuiceFs.shell(directory, "juicefs config " + juicefs.meta() + " --user-group-quota");
    quota("set", "--uid", "1000", "--inodes", "2");
    quota("set", "--gid", "1000", "--inodes", "9");
    try (VolumeMeta meta = open()) {
      Ino d = find(meta, "d");
      Attr attr = meta.getAttr(d);
      assertThat(attr.isDirectory()).isTrue();
      Caller user = Caller.of(1000, 1000);
      assertThat(creating(meta, Caller.ROOT, d, "a")).isNull();
      assertThat(creating(meta, Caller.ROOT, d, "b")).isNull();
      assertThat(creating(meta, Caller.ROOT, d, "c")).isNull();
      assertThat(creating(meta, Caller.ROOT, d, "e")).isEqualTo(Errno.EDQUOT);
      assertThat(creating(meta, user, Ino.ROOT, "u1")).isNull();
      assertThat(creating(meta, user, Ino.ROOT, "u2")).isNull();
      assertThat(creating(meta, user, Ino.ROOT, "u3")).isEqualTo(Errno.EDQUOT);
    }
    quota("check", "--path", "/d", "--strict");
    quota("check");
    try (VolumeMeta meta = open()) {
      QuotaUsage group = meta.quotas().usage(GROUP);
      assertThat(group).isNotNull();
      assertThat(group.usedInodes()).isEqualTo(2);
      assertThat(group.usedSpaceBytes()).isEqualTo(8192);
    }
  }

  @Test
  void setHereEnforcedAndCountedByTheReference() throws Exception {
    JuiceFs.shell(directory, "juicefs config " + juicefs.meta() + " --user-group-quota");
    QuotaKey d;
    try (VolumeMeta meta = open()) {
      Ino ino = meta.create(Caller.ROOT, Ino.ROOT, Name.of("d"), NewInode.directory(0777, 0)).ino();
      d = new QuotaKey(Kind.DIRECTORY, ino.value());
      meta.quotas().set(d, new QuotaLimits(1 << 20, 4));
      meta.quotas().set(USER, new QuotaLimits(0, 2));
    }
    assertThat(server.cli("-n", "1", "hexists", "dirQuotaUsedInodes", "" + d.id())).isEqualTo("1");
    Path mount = juicefs.mount("--heartbeat", "1s");
    JuiceFs.shell(
        mount,
        """
        touch d/1 d/2
        head -c 500000 /dev/zero > d/3
        head -c 2000000 /dev/zero > d/4 2>/dev/null && exit 1
        rm -f d/4; touch d/4
        touch d/5 2>/dev/null && exit 1
        as_user="setpriv --reuid 1000 --regid 1000 --clear-groups"
        $as_user touch u1
        $as_user touch u2
        $as_user touch u3 2>/dev/null && exit 1
        exit 0
        """);
    juicefs.unmount(mount);
    try (VolumeMeta meta = open()) {
      Amount there = meta.quotaAudit().below(new Ino(d.id()), Exactness.STRICT);
      assertThat(there.inodes()).isEqualTo(4);
      assertThat(meta.quotaAudit().below(new Ino(d.id()), Exactness.STATISTICS)).isEqualTo(there);
      assertThat(meta.quotaAudit().stored(d)).isEqualTo(there);
      meta.quotaAudit()
          .owned()
          .forEach((key, owned) -> assertThat(stored(meta, key)).as("%s", key).isEqualTo(owned));
      assertThat(stored(meta, USER)).isEqualTo(new Amount(8192, 2));
      meta.quotas().delete(d);
    }
    assertThat(JuiceFs.shell(directory, "juicefs quota list " + juicefs.meta()))
        .doesNotContain("/d ");
  }

  private static Amount stored(VolumeMeta meta, QuotaKey key) {
    try {
      Amount stored = meta.quotaAudit().stored(key);
      return stored == null ? new Amount(-1, -1) : stored;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void limitsChangeUnderARunningClient() throws Exception {
    quota("set", "--path", "/d", "--create", "--inodes", "1");
    try (VolumeMeta meta =
        VolumeMeta.open(
            Engines.open(server.url(1), Map.of()),
            MetaConfig.DEFAULT.withHeartbeat(java.time.Duration.ofSeconds(1)),
            SessionFacts.ofThisProcess("test", Clock.systemUTC().instant()),
            SliceReaper.NONE)) {
      Ino d = find(meta, "d");
      assertThat(creating(meta, Caller.ROOT, d, "a")).isNull();
      assertThat(creating(meta, Caller.ROOT, d, "b")).isEqualTo(Errno.EDQUOT);
      quota("set", "--path", "/d", "--inodes", "2");
      Errno refused = Errno.EDQUOT;
      for (int i = 0; i < 600 && refused != null; i++) {
        TimeUnit.MILLISECONDS.sleep(100);
        refused = creating(meta, Caller.ROOT, d, "b");
      }
      assertThat(refused).isNull();
    }
  }
}
