package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineDump;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One volume in Redis, the reference client 1.4 and this one: in turn and at once. */
@Tag("interop")
@Timeout(300)
class RedisInteropTest {
  private static final Caller ROOT = Caller.ROOT;

  @TempDir Path directory;
  private RedisServer server;
  private JuiceFs juicefs;

  @BeforeEach
  void start() {
    server = RedisServer.start();
    juicefs = new JuiceFs(directory, server);
  }

  @AfterEach
  void stop() {
    if (juicefs != null) {
      juicefs.close();
    }
    server.close();
  }

  private Engine engine() {
    return Engines.open(server.url(1), Map.of());
  }

  private void assertSound() {
    try (Engine engine = engine()) {
      assertThat(VolumeCheck.run(engine))
          .filteredOn(finding -> finding.kind().severity() != Finding.Severity.HINT)
          .isEmpty();
    }
    assertThat(juicefs.run("fsck")).doesNotContain("<ERROR>");
  }

  // ---- written there, read here ----

  private static final String TREE =
      """
      mkdir -p dir/sub d2 q empty
      echo hello > dir/file
      head -c 3000000 /dev/urandom > dir/big
      for i in 1 2 3 4 5; do head -c 1000 /dev/urandom >> dir/appended; done
      truncate -s 10G dir/sparse
      printf x | dd of=dir/sparse bs=1 seek=5G conv=notrunc status=none
      ln dir/file d2/hard
      ln -s ../dir/file d2/soft
      mkfifo dir/fifo
      mknod dir/dev c 5 1
      chmod 4755 dir/file
      chown 1000:1001 d2/hard
      touch -d '2001-02-03 04:05:06.789' dir/big
      setfattr -n user.foo -v bar dir/file
      setfacl -m u:1001:rwx,g:2002:rx dir
      setfacl -d -m u:1001:rw dir/sub
      echo x > dir/sub/inherits
      cp --reflink=auto dir/big dir/copy
      echo gone > d2/gone
      rm d2/gone
      mkdir d2/deep && rmdir d2/deep
      for i in $(seq 300); do : > empty/$i; done
      echo -n > "dir/$(printf 'odd\\n\\xff name')"
      echo more >> dir/appended
      """;

  @Test
  void everyRecordOfTheReferenceClientIsUnderstood() throws Exception {
    juicefs.format("--trash-days", "1", "--enable-acl");
    Path mount = juicefs.mount();
    JuiceFs.shell(mount, TREE);
    JuiceFs.shell(directory, "juicefs quota set " + juicefs.meta() + " --path /q --capacity 1");
    Process holder =
        new ProcessBuilder("flock", "-xF", mount.resolve("dir/file").toString(), "sleep", "60")
            .start();
    try (Engine engine = engine()) {
      awaitRow(engine, Records.FLOCK);
      String dump = EngineDump.of(engine, 500);
      assertThat(dump).contains("FLOCK(", "ACL(", "XATTR(", "PARENT(", "SLICE_REF(", "SESSION(");
      assertThat(dump.lines().filter(line -> line.startsWith("ATTR("))).hasSizeGreaterThan(310);
    } finally {
      holder.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }
    juicefs.unmount(mount);
    assertSound();
    assertThat(unknownKeys()).isEmpty();
    String before = server.cli("-n", "1", "debug", "digest");
    try (Engine engine = engine()) {
      assertThat(new Rewriting(engine).everything()).isGreaterThan(600);
    }
    assertThat(server.cli("-n", "1", "debug", "digest")).isEqualTo(before);
  }

  private static <K, F, V> void awaitRow(Engine engine, Table<K, F, V> table) {
    for (int i = 0; i < 100 && engine.scan(table, null, 1).rows().isEmpty(); i++) {
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keys that no record explains. */
  private List<String> unknownKeys() {
    String known =
        "[idspx][0-9]+|c[0-9]+_[0-9]+|lock[fp][0-9]+|session[0-9]+|locked[0-9]+|setting"
            + "|allSessions|sessionInfos|delfiles|detachedNodes|sliceRef|delSlices|usedSpace"
            + "|totalInodes|next(inode|chunk|session|Trash|CleanupSlices)|lastCleanup[A-Za-z]+"
            + "|dir(DataLength|UsedSpace|UsedInodes)"
            + "|(dir|user|group)Quota(UsedSpace|UsedInodes)?|acl|aclMaxId";
    return server.cli("-n", "1", "keys", "*").lines().filter(k -> !k.matches(known)).toList();
  }

  /** Writes every record with the value that it has: the stored bytes must not change. */
  private static final class Rewriting {
    private final Engine engine;
    private int count;

    Rewriting(Engine engine) {
      this.engine = engine;
    }

    int everything() {
      List.of(
              Records.SETTING,
              Records.ATTR,
              Records.SYMLINK,
              Records.DELAYED_SLICES,
              Records.LEASE,
              Records.QUOTA,
              Records.ACL)
          .forEach(this::cells);
      List.of(
              Records.DENTRY,
              Records.XATTR,
              Records.PARENT,
              Records.DELETED_FILE,
              Records.SESSION_EXPIRY,
              Records.SESSION,
              Records.SUSTAINED,
              Records.DETACHED)
          .forEach(this::tables);
      List.of(
              Records.SLICE_REF,
              Records.USED_SPACE,
              Records.USED_INODES,
              Records.DIR_STAT,
              Records.QUOTA_USED)
          .forEach(this::counters);
      logs(Records.CHUNK);
      return count;
    }

    private <K, V> void cells(Cell<K, V> cell) {
      each(
          from -> engine.scan(cell, from, 500),
          row ->
              write(
                  new Mutation.Delete<>(cell, row.key()),
                  new Mutation.Put<>(cell, row.key(), row.value())));
    }

    private <K, F, V> void tables(Table<K, F, V> table) {
      each(
          from -> engine.scan(table, from, 500),
          row -> {
            K key = row.key();
            F field = row.value().key();
            write(
                new Mutation.RemoveField<>(table, key, field),
                new Mutation.PutField<>(table, key, field, row.value().value()));
          });
    }

    private <K> void counters(Counter<K> counter) {
      each(
          from -> engine.scan(counter, from, 500),
          row ->
              write(
                  new Mutation.DeleteCounter<>(counter, row.key()),
                  new Mutation.SetCounter<>(counter, row.key(), row.value())));
    }

    private <K, E> void logs(Log<K, E> log) {
      each(
          from -> engine.scan(log, from, 500),
          row ->
              write(
                  new Mutation.DeleteLog<>(log, row.key()),
                  new Mutation.Append<>(log, row.key(), row.value())));
    }

    private void write(Mutation remove, Mutation put) {
      for (Mutation mutation : List.of(remove, put)) {
        assertThat(engine.commit(new Commit(Map.of(), List.of(mutation))).status())
            .isEqualTo(CommitOutcome.Status.COMMITTED);
      }
      count++;
    }

    private static <R> void each(Function<Object, Page<R>> pages, Consumer<R> sink) {
      List<R> all = new ArrayList<>();
      Object from = null;
      do {
        Page<R> page = pages.apply(from);
        all.addAll(page.rows());
        from = page.next();
      } while (from != null);
      all.forEach(sink);
    }
  }

  // ---- written here, read there ----

  private TestVolume volume() throws Exception {
    TestVolume volume =
        TestVolume.with(
            this::engine,
            format ->
                format
                    .set("Storage", "file")
                    .set("Bucket", juicefs.bucket())
                    .set("EnableACL", true)
                    .set("TrashDays", 1L));
    volume.clock.advance(Duration.between(volume.clock.instant(), Instant.now()));
    return volume;
  }

  @Test
  void theReferenceClientUnderstandsWhatIsWrittenHere() throws Exception {
    try (TestVolume volume = volume()) {
      TestVolume.Client client = volume.mount();
      VolumeMeta meta = client.meta();
      makeTree(meta);
      client.beat();
      Path mount = juicefs.mount();
      assertThat(JuiceFs.shell(mount, LISTING).lines().toList()).isEqualTo(listing(meta));
      assertThat(JuiceFs.shell(mount, "getfattr --only-values -n user.foo a/file").strip())
          .isEqualTo("bar");
      assertThat(JuiceFs.shell(mount, "getfacl -cn a 2>/dev/null")).contains("user:1001:rwx");
      assertThat(JuiceFs.shell(mount, "ls -A .trash/*")).contains("-doomed");
      JuiceFs.shell(
          mount,
          "mv a/file b/moved; rm b/soft; ln b/moved b/again; mkdir b/new; : > b/new/x; rm -rf a/sub;"
              + " chmod 600 b/moved; echo text > b/new/y");
      assertThat(JuiceFs.shell(mount, LISTING).lines().toList()).isEqualTo(listing(meta));
      juicefs.unmount(mount);
      assertThat(juicefs.run("status")).contains("\"Name\": \"test\"");
      assertThat(juicefs.run("dump")).contains("\"FSTree\"");
    }
    assertSound();
  }

  private static final String LISTING =
      "find * -printf '%p %y %m %U:%G %n %s %Ts %l\\n' | LC_ALL=C sort";

  private static void makeTree(VolumeMeta meta) throws FsException {
    Ino a = make(meta, Ino.ROOT, "a", NewInode.directory(0755, 0));
    Ino b = make(meta, Ino.ROOT, "b", NewInode.directory(02775, 022));
    Ino file = make(meta, a, "file", NewInode.file(0644, 022));
    meta.truncate(ROOT, file, 5L << 30, false);
    meta.link(ROOT, file, b, Name.of("hard"));
    make(meta, b, "soft", NewInode.symlink("../a/file".getBytes(StandardCharsets.UTF_8)));
    make(meta, b, "fifo", new NewInode(FileType.FIFO, 0600, 0, 0, null));
    make(meta, b, "dev", new NewInode(FileType.CHAR_DEVICE, 0600, 0, 0x501, null));
    Ino sub = make(meta, a, "sub", NewInode.directory(0700, 0));
    for (int i = 0; i < 200; i++) {
      make(meta, sub, "f" + i, NewInode.file(0600, 0));
    }
    meta.setXattr(ROOT, file, Name.of("user.foo"), "bar".getBytes(StandardCharsets.UTF_8), 0);
    meta.setXattr(ROOT, a, Name.of("system.posix_acl_access"), ACL, 0);
    meta.setAttr(
        ROOT,
        file,
        new AttrUpdate(
            04755, 1000, 1001, null, new Timestamp(981173106L, 5), false, false, null, false));
    make(meta, b, "doomed", NewInode.file(0600, 0));
    meta.unlink(ROOT, b, Name.of("doomed"));
    meta.rename(ROOT, sub, Name.of("f7"), b, Name.of("f7 moved"), 0);
  }

  /** What setxattr(2) takes for u::rwx,u:1001:rwx,g::r-x,m::rwx,o::r-x. */
  private static final byte[] ACL = acl();

  private static byte[] acl() {
    ByteBuffer out = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    int[][] entries = {{1, 7, -1}, {2, 7, 1001}, {4, 5, -1}, {16, 7, -1}, {32, 5, -1}};
    for (int[] entry : entries) {
      out.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
    }
    return out.array();
  }

  private static Ino make(VolumeMeta meta, Ino parent, String name, NewInode what)
      throws FsException {
    return meta.create(ROOT, parent, Name.of(name), what).ino();
  }

  /** The tree in the words of {@link #LISTING}. */
  private static List<String> listing(VolumeMeta meta) throws FsException {
    TreeSet<String> lines = new TreeSet<>();
    list(meta, Ino.ROOT, "", lines);
    return List.copyOf(lines);
  }

  private static void list(VolumeMeta meta, Ino directory, String path, TreeSet<String> lines)
      throws FsException {
    Object from = null;
    do {
      Page<DirEntry> page = meta.readdir(ROOT, directory, from, 100, true);
      for (DirEntry entry : page.rows()) {
        String name = path + entry.name();
        Attr attr = meta.getAttr(entry.dentry().ino());
        lines.add(line(meta, name, entry.dentry().ino(), attr));
        if (attr.isDirectory()) {
          list(meta, entry.dentry().ino(), name + "/", lines);
        }
      }
      from = page.next();
    } while (from != null);
  }

  private static String line(VolumeMeta meta, String name, Ino ino, Attr attr) throws FsException {
    boolean isLink = attr.type() == FileType.SYMLINK;
    return String.format(
        "%s %s %o %d:%d %d %d %d %s",
        name,
        " fdlpbcs".charAt(attr.type().code()),
        attr.mode(),
        attr.uid(),
        attr.gid(),
        attr.nlink(),
        attr.lengthBytes(),
        attr.mtime().seconds(),
        isLink ? new String(meta.readlink(ino), StandardCharsets.UTF_8) : "");
  }

  // ---- both at once ----

  @Test
  void locksExcludeAcrossTheClients() throws Exception {
    try (TestVolume volume = volume()) {
      VolumeMeta meta = volume.mount().meta();
      Ino file = make(meta, Ino.ROOT, "file", NewInode.file(0666, 0));
      Path mount = juicefs.mount();
      LockOwner owner = new LockOwner(meta.sessionId(), 0xFEDCBA9876543210L);
      String tryBsd = "flock -xn file true && echo free || echo held";
      String tryPosix =
          "python3 -c \"import fcntl;f=open('file','r+');fcntl.lockf(f,fcntl.LOCK_EX|fcntl.LOCK_NB,"
              + "10,0)\" 2>/dev/null && echo free || echo held";
      assertThat(JuiceFs.shell(mount, tryBsd)).contains("free");
      lockWhenReleased(() -> meta.flock(file, owner, true));
      assertThat(JuiceFs.shell(mount, tryBsd)).contains("held");
      meta.unflock(file, owner);
      assertThat(JuiceFs.shell(mount, tryBsd)).contains("free");
      lockWhenReleased(() -> meta.lock(file, owner, new PosixLock(true, 77, 5, 20)));
      assertThat(JuiceFs.shell(mount, tryPosix)).contains("held");
      meta.unlock(file, owner, 0, Long.MAX_VALUE);
      assertThat(JuiceFs.shell(mount, tryPosix)).contains("free");
      Process holder =
          new ProcessBuilder("flock", "-xF", mount.resolve("file").toString(), "sleep", "60")
              .start();
      try (Engine engine = engine()) {
        awaitRow(engine, Records.FLOCK);
        assertThat(TestClient.refusal(() -> meta.flock(file, owner, false)))
            .isEqualTo(Errno.EAGAIN);
      } finally {
        holder.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    }
  }

  /** The kernel tells a client that a file was closed after close(2) has returned. */
  private static void lockWhenReleased(TestClient.Refusable lock) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (TestClient.refusal(lock) == Errno.EAGAIN) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** Neither client may leave an entry in a directory that the other one has removed. */
  @Test
  void removalAgainstCreationInBothRoles() throws Exception {
    int rounds = 150;
    try (TestVolume volume = volume()) {
      VolumeMeta meta = volume.mount().meta();
      Path mount = juicefs.mount();
      AtomicInteger done = new AtomicInteger();
      for (int i = 0; i < rounds; i++) {
        String name = "d" + i;
        boolean removeHere = i % 2 == 0;
        Ino dir = make(meta, Ino.ROOT, name, NewInode.directory(0777, 0));
        Path theirs = mount.resolve(name);
        theirs.toFile().exists();
        race(
            () -> {
              if (removeHere) {
                meta.rmdir(ROOT, Ino.ROOT, Name.of(name));
              } else {
                make(meta, dir, "x", NewInode.file(0666, 0));
              }
              done.incrementAndGet();
            },
            () -> {
              boolean ok =
                  removeHere
                      ? theirs.resolve("x").toFile().createNewFile()
                      : theirs.toFile().delete();
              done.addAndGet(ok ? 1 : 0);
            });
      }
      assertThat(done).hasValueBetween(rounds, rounds);
      juicefs.unmount(mount);
    }
    assertSound();
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Runs both at the same moment; refusals are answers. */
  private static void race(Step here, Step there) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    Thread other = new Thread(() -> attempt(barrier, there));
    other.start();
    attempt(barrier, here);
    other.join();
  }

  private static void attempt(CyclicBarrier barrier, Step step) {
    try {
      barrier.await();
      step.run();
    } catch (FsException | IOException e) {
      // Refused, which is one of the two right ends.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void bothAtOnceOnFewNames() throws Exception {
    try (TestVolume volume = volume()) {
      TestVolume.Client client = volume.mount();
      VolumeMeta meta = client.meta();
      Path mount = juicefs.mount();
      List<Ino> dirs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        dirs.add(make(meta, Ino.ROOT, "d" + i, NewInode.directory(0777, 0)));
      }
      String theirs =
          "for i in $(seq 250); do d=d$((RANDOM%3)); e=d$((RANDOM%3)); n=n$((RANDOM%5));"
              + " m=n$((RANDOM%5)); case $((RANDOM%8)) in"
              + " 0) echo $i > $d/$n;; 1) rm -f $d/$n;; 2) mv -T $d/$n $e/$m;; 3) ln $d/$n $e/$m;;"
              + " 4) mkdir $d/$n;; 5) rmdir $d/$n;; 6) ln -s t $d/$n;; 7) echo $i >> $d/$n;;"
              + " esac 2>/dev/null || true; done";
      Thread shell = new Thread(() -> JuiceFs.shell(mount, theirs));
      shell.start();
      RandomSteps steps = new RandomSteps(meta, dirs);
      while (shell.isAlive()) {
        steps.step();
      }
      shell.join();
      assertThat(steps.done).isGreaterThan(100);
      assertThat(JuiceFs.shell(mount, LISTING).lines().toList()).isEqualTo(listing(meta));
      client.beat();
      juicefs.unmount(mount);
    }
    assertSound();
  }

  private static final class RandomSteps {
    private final VolumeMeta meta;
    private final List<Ino> dirs;
    private final Random random = new Random(5);
    private int done;

    RandomSteps(VolumeMeta meta, List<Ino> dirs) {
      this.meta = meta;
      this.dirs = dirs;
    }

    private Ino dir() {
      return dirs.get(random.nextInt(dirs.size()));
    }

    private Name name() {
      return Name.of("n" + random.nextInt(5));
    }

    void step() {
      try {
        switch (random.nextInt(6)) {
          case 0 -> meta.create(ROOT, dir(), name(), NewInode.file(0666, 0));
          case 1 -> meta.unlink(ROOT, dir(), name());
          case 2 -> meta.rename(ROOT, dir(), name(), dir(), name(), 0);
          case 3 -> meta.create(ROOT, dir(), name(), NewInode.directory(0777, 0));
          case 4 -> meta.rmdir(ROOT, dir(), name());
          default -> {
            var found = meta.lookup(ROOT, dir(), name());
            if (found != null) {
              meta.link(ROOT, found.ino(), dir(), name());
            }
          }
        }
        done++;
      } catch (FsException e) {
        // Few names: most steps are refused.
      }
    }
  }
}
