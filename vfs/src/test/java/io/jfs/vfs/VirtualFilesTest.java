package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.ROOT;
import static io.jfs.vfs.TestVolume.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VirtualFilesTest {
  private TestVolume volume;
  private TestVolume.Client client;
  private LoggedVfs vfs;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
    vfs = client.logged;
  }

  @AfterEach
  void unmount() throws Exception {
    volume.close();
  }

  private Entry find(String name) throws Exception {
    return vfs.lookup(ROOT, Ino.ROOT, Name.of(name));
  }

  private String text(Ino ino, long handle) throws Exception {
    try (ReadData data = vfs.read(ROOT, ino, handle, 0, 1 << 16)) {
      StringBuilder text = new StringBuilder();
      for (ByteBuffer buffer : data.buffers()) {
        text.append(StandardCharsets.UTF_8.decode(buffer));
      }
      return text.toString();
    }
  }

  private String openAndRead(String name) throws Exception {
    Ino ino = find(name).ino();
    Opened opened = vfs.open(ROOT, ino, 0);
    assertThat(opened.directIo()).isTrue();
    String text = text(ino, opened.handle());
    vfs.release(ROOT, ino, opened.handle(), 0);
    return text;
  }

  @Test
  void haveTheNumbersAndModesOfTheReference() throws Exception {
    assertThat(find(".accesslog").ino().value()).isEqualTo(9223372032559808513L);
    assertThat(find(".stats").ino().value()).isEqualTo(9223372032559808515L);
    assertThat(find(".config").ino().value()).isEqualTo(9223372032559808516L);
    assertThat(find(".trash").ino().value()).isEqualTo(9223372032828243968L);
    Attr stats = find(".stats").attr();
    assertThat(stats.mode()).isEqualTo(0444);
    assertThat(stats.uid()).isEqualTo(1);
    assertThat(stats.gid()).isEqualTo(2);
    assertThat(stats.lengthBytes()).isZero();
    assertThat(find(".trash").attr().mode()).isEqualTo(0555);
    assertThat(find(".config").attr().lengthBytes()).isEqualTo(13);
    assertThat(find(".missing")).isNull();
  }

  @Test
  void areFoundInTheRootOnly() throws Exception {
    Ino dir = vfs.mkdir(ROOT, Ino.ROOT, Name.of("dir"), 0755, 0).ino();
    assertThat(vfs.lookup(ROOT, dir, Name.of(".stats"))).isNull();
    assertThat(vfs.lookup(ROOT, dir, Name.of(".trash"))).isNull();
  }

  @Test
  void refuseWhatTheReferenceRefuses() throws Exception {
    Ino stats = find(".stats").ino();
    Name name = Name.of(".stats");
    assertThat(refusal(() -> vfs.create(ROOT, Ino.ROOT, name, 0644, 0, 2))).isEqualTo(Errno.EEXIST);
    assertThat(refusal(() -> vfs.mkdir(ROOT, Ino.ROOT, Name.of(".trash"), 0755, 0)))
        .isEqualTo(Errno.EEXIST);
    assertThat(refusal(() -> vfs.unlink(ROOT, Ino.ROOT, name))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> vfs.rename(ROOT, Ino.ROOT, name, Ino.ROOT, Name.of("x"), 0)))
        .isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> vfs.link(ROOT, stats, Ino.ROOT, Name.of("x")))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> vfs.open(ROOT, stats, 1))).isEqualTo(Errno.EACCES);
    assertThat(refusal(() -> vfs.getXattr(ROOT, stats, new byte[] {'u'}, 0)))
        .isEqualTo(Errno.ENODATA);
    assertThat(refusal(() -> vfs.setXattr(ROOT, stats, new byte[] {'u'}, new byte[1], 0)))
        .isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> vfs.fallocate(ROOT, stats, 1, 0, 0, 1))).isEqualTo(Errno.EPERM);
    AttrChange cut = new AttrChange(null, null, null, 0L, null, null, false, false, false);
    assertThat(refusal(() -> vfs.setAttr(ROOT, stats, -1, cut))).isEqualTo(Errno.EPERM);
    AttrChange chmod = new AttrChange(0777, null, null, null, null, null, false, false, false);
    assertThat(vfs.setAttr(ROOT, stats, -1, chmod).mode()).isEqualTo(0444);
  }

  @Test
  void configShowsTheConfiguration() throws Exception {
    assertThat(openAndRead(".config")).isEqualTo("{\n \"Pid\": 1\n}");
  }

  @Test
  void statsShowsCountsInOrder() throws Exception {
    vfs.mkdir(ROOT, Ino.ROOT, Name.of("dir"), 0755, 0);
    assertThat(refusal(() -> vfs.rmdir(ROOT, Ino.ROOT, Name.of("missing"))))
        .isEqualTo(Errno.ENOENT);
    String text = openAndRead(".stats");
    assertThat(text)
        .contains("juicefs_fuse_ops_total_mkdir 1\n")
        .contains("juicefs_fuse_ops_total_rmdir 1\n")
        .contains("juicefs_fuse_ops_io_errors_ENOENT 1\n")
        .contains("juicefs_fuse_open_handlers 0\n");
    assertThat(text.lines()).allMatch(line -> line.matches("juicefs_\\S+ [0-9.]+"));
    assertThat(text.lines().map(line -> line.replaceFirst("(_total|_sum)? .*", ""))).isSorted();
  }

  @Test
  void accessLogShowsOperationsAsTheyEnd() throws Exception {
    Ino log = find(".accesslog").ino();
    long handle = vfs.open(ROOT, log, 0).handle();
    assertThat(text(log, handle)).startsWith("2").contains("open (" + log + ",0x0)");
    Ino dir = vfs.mkdir(ROOT, Ino.ROOT, Name.of("dd"), 0777, 0).ino();
    assertThat(find("dd")).isNotNull();
    assertThat(find("no\nname")).isNull();
    Request user = Request.of(new Caller(1000, 100, 4711, () -> new int[0]));
    assertThat(refusal(() -> vfs.rmdir(user, Ino.ROOT, Name.of("missing"))))
        .isEqualTo(Errno.ENOENT);
    Created created = vfs.create(ROOT, dir, Name.of("f"), 0100666, 022, 2);
    Ino file = created.entry().ino();
    long fh = created.opened().handle();
    vfs.write(ROOT, file, fh, 0, ByteBuffer.allocateDirect(6), false);
    vfs.flush(ROOT, file, fh, 0xBB1CE4ABCDC35AEBL);
    vfs.read(ROOT, file, fh, 0, 4096).close();
    AttrChange chmod = new AttrChange(0640, null, null, null, null, null, false, false, false);
    vfs.setAttr(ROOT, file, -1, chmod);
    AttrChange now = new AttrChange(null, null, null, null, null, null, true, true, false);
    vfs.setAttr(ROOT, file, -1, now);
    vfs.rename(ROOT, dir, Name.of("f"), Ino.ROOT, Name.of("g"), 1);
    vfs.flock(ROOT, file, fh, 0x9CD1FCE70355F43BL, FileRangeLock.Type.WRITE, true);
    vfs.setLock(ROOT, file, fh, 1, new FileRangeLock(FileRangeLock.Type.WRITE, 5, 14, 77), true);
    vfs.getLock(ROOT, file, fh, 1, new FileRangeLock(FileRangeLock.Type.WRITE, 0, 9, 77));
    vfs.ioctl(ROOT, file, fh, 0x80086601, 0, new byte[0], 4);
    vfs.release(ROOT, file, fh, 0);

    List<String> lines = new ArrayList<>();
    text(log, handle).lines().forEach(line -> lines.add(masked(line)));
    String e = "(" + file + ",[-rw-r--r--:0100644,1,0,0,T,T,T,";
    assertThat(lines)
        .containsExactly(
            "[uid:0,gid:0,pid:0] mkdir (1,dd,?rwxrwxrwx:00777): (2,[drwxrwxrwx:0040777,2,0,0,T,T,T,4096])"
                + " - OK",
            "[uid:0,gid:0,pid:0] lookup (1,dd): (2,[drwxrwxrwx:0040777,2,0,0,T,T,T,4096]) - OK",
            "[uid:0,gid:0,pid:0] lookup (1,no\\nname): - no such file or directory",
            "[uid:1000,gid:100,pid:4711] rmdir (1,missing) - no such file or directory",
            "[uid:0,gid:0,pid:0] create (2,f,-rw-rw-rw-:0100666): "
                + e
                + "0]) [fh:"
                + fh
                + "] - OK",
            "[uid:0,gid:0,pid:0] write (" + file + ",6,0," + fh + ") - OK",
            "[uid:0,gid:0,pid:0] flush (" + file + "," + fh + ",BB1CE4ABCDC35AEB) - OK",
            "[uid:0,gid:0,pid:0] read (" + file + ",4096,0," + fh + "): (6) - OK",
            "[uid:0,gid:0,pid:0] setattr ("
                + file
                + "[0],0x1,[mode=-rw-r-----:00640]): ("
                + file
                + ",[-rw-r-----:0100640,1,0,0,T,T,T,6]) - OK",
            "[uid:0,gid:0,pid:0] setattr ("
                + file
                + "[0],0x1B0,[atime=NOW,mtime=NOW]): ("
                + file
                + ",[-rw-r-----:0100640,1,0,0,T,T,T,6]) - OK",
            "[uid:0,gid:0,pid:0] rename (2,f,1,g,1) - OK",
            "[uid:0,gid:0,pid:0] flock (" + file + "," + fh + ",9CD1FCE70355F43B,LOCKEX,true) - OK",
            "[uid:0,gid:0,pid:0] setlk ("
                + file
                + ","
                + fh
                + ",0000000000000001,5,14,W,true,77) - OK",
            "[uid:0,gid:0,pid:0] getlk (" + file + "," + fh + ",0000000000000001): (0,0,U,0) - OK",
            "[uid:0,gid:0,pid:0] ioctl (" + file + ",0x80086601,0x0,[],[0 0 0 0]) - OK",
            "[uid:0,gid:0,pid:0] release (" + file + "," + fh + ") - OK");
    vfs.release(ROOT, log, handle, 0);
    assertThat(client.accessLog.isRead()).isFalse();
  }

  /** Without time of day, duration, and times of inodes. */
  private static String masked(String line) {
    assertThat(line)
        .matches("\\d{4}\\.\\d\\d\\.\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6} .* <\\d+\\.\\d{6}>");
    return line.substring(27)
        .replaceAll(" <\\d+\\.\\d{6}>$", "")
        .replaceAll(",\\d{9,},\\d{9,},\\d{9,},", ",T,T,T,");
  }

  @Test
  void accessLogSaysThatNothingHappens() throws Exception {
    Ino log = find(".accesslog").ino();
    long handle = vfs.open(ROOT, log, 0).handle();
    text(log, handle);
    long start = System.nanoTime();
    assertThat(text(log, handle)).isEqualTo("#\n");
    assertThat(System.nanoTime() - start).isBetween(900_000_000L, 3_000_000_000L);
    vfs.release(ROOT, log, handle, 0);
  }

  @Test
  void accessLogDoesNotKeepAReaderWaiting() throws Exception {
    Ino log = find(".accesslog").ino();
    long handle = vfs.open(ROOT, log, 0).handle();
    text(log, handle);
    Thread later =
        new Thread(
            () -> {
              try {
                new Cancellation().pause(100);
                vfs.statfs(ROOT, Ino.ROOT);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    later.start();
    try (ReadData data = vfs.read(Request.of(Caller.ROOT), log, handle, 0, 20)) {
      assertThat(data.lengthBytes()).isEqualTo(20);
    }
    assertThat(text(log, handle)).contains("statfs (1): (");
    later.join();
    vfs.release(ROOT, log, handle, 0);
  }

  @Test
  void accessLogTellsHowManyLinesAReaderMissed() throws Exception {
    Ino log = find(".accesslog").ino();
    long slow = vfs.open(ROOT, log, 0).handle();
    for (int i = 0; i < 10240 + 30; i++) {
      vfs.statfs(ROOT, Ino.ROOT);
    }
    long quick = vfs.open(ROOT, log, 0).handle();
    vfs.statfs(ROOT, Ino.ROOT);
    StringBuilder read = new StringBuilder();
    while (read.indexOf(" dropped ") < 0) {
      String text = text(log, slow);
      assertThat(text).isNotEqualTo("#\n");
      read.append(text);
    }
    // The log's own open is a line; the second open and the last statfs came too late.
    assertThat(read.toString().lines().filter(line -> line.contains(" statfs "))).hasSize(10239);
    assertThat(masked(read.toString().lines().reduce("", (a, b) -> b)))
        .isEqualTo("[uid:0,gid:0,pid:0] dropped (33) - OK");
    assertThat(text(log, quick)).doesNotContain("dropped").contains(" statfs ");
    vfs.release(ROOT, log, slow, 0);
    assertThat(client.accessLog.isRead()).isTrue();
    vfs.release(ROOT, log, quick, 0);
    assertThat(client.accessLog.isRead()).isFalse();
  }

  @Test
  void ownFilesAreFoundInTheRootButNotListed() throws Exception {
    assertThat(find(".accesslog.json").ino().value()).isEqualTo(0x7FFFFFFF00000101L);
    assertThat(find(".slow").ino().value()).isEqualTo(0x7FFFFFFF00000102L);
    assertThat(find(".running").ino().value()).isEqualTo(0x7FFFFFFF00000103L);
    assertThat(find(".slow").attr().mode()).isEqualTo(0400);
    Ino dir = vfs.mkdir(ROOT, Ino.ROOT, Name.of("dir"), 0755, 0).ino();
    assertThat(vfs.lookup(ROOT, dir, Name.of(".slow"))).isNull();
    List<String> listed = new ArrayList<>();
    long handle = vfs.opendir(ROOT, Ino.ROOT, 0).handle();
    vfs.readdir(
        ROOT,
        Ino.ROOT,
        handle,
        0,
        false,
        (name, ino, type, next, attr) -> listed.add(new String(name, StandardCharsets.UTF_8)));
    vfs.releasedir(ROOT, Ino.ROOT, handle);
    assertThat(listed).contains(".stats", "dir").doesNotContain(".slow", ".running");
  }

  @Test
  void jsonLogHasPathsAndASplitOfTheTime() throws Exception {
    Ino dir = vfs.mkdir(ROOT, Ino.ROOT, Name.of("dir"), 0755, 0).ino();
    Ino log = find(".accesslog.json").ino();
    long handle = vfs.open(ROOT, log, 0).handle();
    Created created = vfs.create(ROOT, dir, Name.of("f\n"), 0100644, 022, 2);
    Ino file = created.entry().ino();
    vfs.write(ROOT, file, created.opened().handle(), 0, ByteBuffer.allocateDirect(100), false);
    vfs.flush(ROOT, file, created.opened().handle(), 0);
    vfs.release(ROOT, file, created.opened().handle(), 0);
    List<String> lines = text(log, handle).lines().toList();
    assertThat(lines.get(1))
        .contains("\"op\":\"create\",\"line\":\"create (2,f\\\\n,")
        .contains("\"paths\":[\"/dir/f\\\\n\"],\"status\":\"OK\"")
        .containsPattern("\"waits\":\\{\"queue\":[0-9.]+,\"metadata\":0\\.\\d+,")
        .endsWith("}}");
    assertThat(lines.get(2)).contains("\"op\":\"write\"").contains("[\"/dir/f\\\\n\"]");
    assertThat(text(log, handle)).isEqualTo("\n");
    vfs.release(ROOT, log, handle, 0);
  }

  @Test
  void slowShowsTheSlowestFirstAndRunningWhatIsUnderWay() throws Exception {
    Semaphore gate = client.probe.hold("rmdir");
    Thread blocked =
        new Thread(
            () -> {
              try {
                vfs.rmdir(ROOT, Ino.ROOT, Name.of("none"));
              } catch (Exception e) {
                return;
              }
            });
    blocked.start();
    String running = openAndRead(".running");
    while (!running.contains("rmdir")) {
      running = openAndRead(".running");
    }
    assertThat(running).contains("\"paths\":[\"/none\"]").contains("\"waits_for\":\"");
    new Cancellation().pause(50);
    gate.release();
    blocked.join();
    assertThat(openAndRead(".slow").lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("\"op\":\"rmdir\"")
                    .contains("\"status\":\"no such file or directory\""));
    assertThat(
            openAndRead(".slow")
                .lines()
                .map(
                    line ->
                        -Double.parseDouble(line.replaceAll(".*\"seconds\":([0-9.]+).*", "$1"))))
        .isSorted();
    assertThat(openAndRead(".running")).doesNotContain("rmdir");
  }
}
