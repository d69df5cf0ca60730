package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.ops.QuotaGuard.Amount;
import io.jfs.meta.session.SessionFacts;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables, refusals and repairs as the reference has them. Vfs-cli spec 3.8. */
final class QuotaCommandTest {
  @TempDir Path folder;
  private String meta = "";

  @BeforeEach
  void format() {
    meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", folder.resolve("data").toString(), meta, "vol").succeeded();
  }

  private VolumeMeta open() throws Exception {
    return VolumeMeta.open(
        Engines.open(meta, Map.of()),
        MetaConfig.DEFAULT.withBackgroundJobs(false),
        SessionFacts.ofThisProcess("test", Clock.systemUTC().instant()),
        SliceReaper.NONE);
  }

  private Ino make(Caller caller, Ino parent, String name, NewInode inode) throws Exception {
    try (VolumeMeta client = open()) {
      return client.create(caller, parent, Name.of(name), inode).ino();
    }
  }

  private Ino makeTree() throws Exception {
    Ino d = make(Caller.ROOT, Ino.ROOT, "d", NewInode.directory(0777, 0));
    Ino sub = make(Caller.of(1000, 1000), d, "sub", NewInode.directory(0777, 0));
    Object unused = make(Caller.ROOT, sub, "file", NewInode.file(0644, 0));
    return d;
  }

  @Test
  void aDirectoryIsCountedWhenItGetsItsFirstLimit() throws Exception {
    Object unused = makeTree();
    String table =
        jfs("quota", "set", meta, "--path", "/d/", "--capacity", "1", "--inodes", "1000")
            .succeeded();
    assertThat(table)
        .isEqualTo(
            """
            +------+---------+---------+------+--------+-------+-------+
            | Path |   Size  |   Used  | Use% | Inodes | IUsed | IUse% |
            +------+---------+---------+------+--------+-------+-------+
            | /d   | 1.0 GiB | 8.0 KiB |   0% |  1,000 |     2 |    0% |
            +------+---------+---------+------+--------+-------+-------+
            """);
    assertThat(jfs("quota", "get", meta, "--path", "/d").succeeded()).isEqualTo(table);
    jfs("quota", "set", meta, "--path", "/d", "--inodes", "5").succeeded();
    assertThat(jfs("quota", "list", meta).succeeded())
        .contains("| /d      | 1.0 GiB | 8.0 KiB |   0% |      5 |     2 |   40% |");
    assertThat(jfs("quota", "set", meta, "--path", "/d", "--capacity", "0").succeeded())
        .contains("unchanged");
    jfs("quota", "delete", meta, "--path", "/d").succeeded();
    assertThat(jfs("quota", "ls", meta).succeeded()).isEmpty();
  }

  @Test
  void theFirstUserQuotaCountsWhatEverybodyOwns() throws Exception {
    Object unused = makeTree();
    assertThat(jfs("quota", "set", meta, "--uid", "1000", "--inodes", "2").succeeded())
        .contains("| User ID |    Size   |   Used  | Use% | Inodes | IUsed | IUse% |")
        .contains("| 1000    | unchanged | 4.0 KiB |      |      2 |     1 |   50% |");
    assertThat(jfs("config", meta).succeeded()).contains("\"UserGroupQuota\": true");
    assertThat(jfs("quota", "list", meta).succeeded()).contains("| uid:1000 |");
    jfs("quota", "check", meta).succeeded();
    jfs("quota", "del", meta, "--uid", "1000").succeeded();
    assertThat(jfs("quota", "list", meta).succeeded()).isEmpty();
  }

  @Test
  void createMakesTheDirectory() {
    jfs("quota", "set", meta, "--path", "/new", "--inodes", "1")
        .failed("resolve dir /new: no such file or directory");
    jfs("quota", "set", meta, "--path", "/new/deep", "--create", "--inodes", "1").succeeded();
    assertThat(jfs("quota", "list", meta).succeeded()).contains("| /new/deep |");
  }

  @Test
  void checkFindsAndRepairsWrongUsage() throws Exception {
    Ino d = makeTree();
    jfs("quota", "set", meta, "--path", "/d", "--inodes", "100").succeeded();
    jfs("quota", "set", meta, "--gid", "1000", "--inodes", "100").succeeded();
    assertThat(jfs("quota", "check", meta, "--path", "/d").log())
        .contains("quota of /d is consistent");
    try (VolumeMeta client = open()) {
      client.quotaAudit().repair(new QuotaKey(Kind.DIRECTORY, d.value()), new Amount(12345, 7));
      client.quotaAudit().repair(new QuotaKey(Kind.GROUP, 1000), new Amount(0, 0));
    }
    assertThat(jfs("quota", "check", meta, "--path", "/d").log())
        .contains("/d: usage(7, 12 KiB) != actual usage(2, 8.0 KiB)");
    jfs("quota", "check", meta)
        .failed("quota of /d, gid:1000 is inconsistent, please repair it with --repair flag");
    jfs("quota", "check", meta, "--strict", "--repair").succeeded();
    jfs("quota", "check", meta, "--strict").succeeded();
    assertThat(jfs("quota", "get", meta, "--path", "/d").succeeded()).contains("8.0 KiB");
    assertThat(jfs("quota", "get", meta, "--gid", "1000").succeeded()).contains("4.0 KiB");
  }

  @Test
  void mistakesChangeNothing() throws Exception {
    Object unused = make(Caller.ROOT, Ino.ROOT, "f", NewInode.file(0644, 0));
    jfs("quota", "set", meta, "--path", "/f", "--inodes", "1")
        .failed("resolve dir /f: not a directory");
    jfs("quota", "set", meta, "--path", "f", "--inodes", "1").failed("is not absolute");
    jfs("quota", "set", meta, "--path", "/", "--uid", "3")
        .failed("Cannot specify both --uid and --path at the same time");
    jfs("quota", "set", meta, "--uid", "0").failed("Invalid --uid: 0 is not allowed");
    jfs("quota", "set", meta, "--path", "/", "--inodes", "-1").failed("--inodes");
    jfs("quota", "set", meta).failed("Please specify the directory with `--path <dir>` option");
    jfs("quota", "check", meta, "--uid", "5").failed("no quota is set on uid:5");
    assertThat(jfs("quota", "grow", meta).exitCode()).isEqualTo(3);
    assertThat(jfs("quota", "list", meta).succeeded()).isEmpty();
  }
}
