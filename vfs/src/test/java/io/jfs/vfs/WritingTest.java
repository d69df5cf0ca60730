package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.BLOCK;
import static io.jfs.vfs.TestVolume.O_APPEND;
import static io.jfs.vfs.TestVolume.O_RDONLY;
import static io.jfs.vfs.TestVolume.O_RDWR;
import static io.jfs.vfs.TestVolume.O_TRUNC;
import static io.jfs.vfs.TestVolume.O_WRONLY;
import static io.jfs.vfs.TestVolume.ROOT;
import static io.jfs.vfs.TestVolume.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WritingTest {
  private TestVolume volume;
  private TestVolume.Client client;
  private Ino ino;
  private long handle;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
    Created created = client.create("file");
    ino = created.entry().ino();
    handle = created.opened().handle();
  }

  @AfterEach
  void unmount() throws Exception {
    client.vfs.release(ROOT, ino, handle, 0);
    volume.close();
  }

  private void write(long offset, int length) throws Exception {
    byte[] data = new byte[length];
    Arrays.fill(data, (byte) 'x');
    client.write(ino, handle, offset, data);
  }

  /** Position and length of the records of a chunk. */
  private List<List<Integer>> records(int index) throws FsException {
    List<List<Integer>> records = new ArrayList<>();
    for (Slice slice : client.volume.readChunk(ino, index)) {
      records.add(List.of(slice.pos(), slice.len()));
    }
    return records;
  }

  // The records that the reference client leaves: data spec 4.3.

  @Test
  void joinsWritesAsTheReferenceDoes() throws Exception {
    write(0, 10);
    write(5, 10);
    write(30, 4);
    client.vfs.fsync(ROOT, ino, handle, false);
    assertThat(records(0)).containsExactly(List.of(0, 15), List.of(30, 4));
  }

  @Test
  void joinsOlderSlicesAsTheReferenceDoes() throws Exception {
    write(0, 10);
    write(100, 10);
    write(10, 5);
    write(2, 3);
    client.flush(ino, handle);
    assertThat(records(0)).containsExactly(List.of(0, 15), List.of(100, 10));
  }

  @Test
  void doesNotRewriteBlocksThatAreOnTheirWay() throws Exception {
    write(0, BLOCK + BLOCK / 4);
    write(1000, 100);
    write(BLOCK + 5, 100);
    client.flush(ino, handle);
    assertThat(records(0)).containsExactly(List.of(0, BLOCK + BLOCK / 4), List.of(1000, 100));
  }

  @Test
  void startsANewSliceInEveryChunk() throws Exception {
    int mib = 1 << 20;
    for (int i = 0; i < 70; i++) {
      write((long) i * mib, mib);
    }
    client.flush(ino, handle);
    assertThat(records(0)).containsExactly(List.of(0, 64 * mib));
    assertThat(records(1)).containsExactly(List.of(0, 6 * mib));
  }

  @Test
  void leavesNoRecordForAHole() throws Exception {
    write(1_000_000, 4096);
    client.flush(ino, handle);
    assertThat(records(0)).containsExactly(List.of(1_000_000, 4096));
    assertThat(client.read(ino, handle, 999_999, 2)).isEqualTo(new byte[] {0, 'x'});
  }

  @Test
  void aSmallDocumentCostsOnePutAndOneCommit() throws Exception {
    int puts = volume.objects.puts.get();
    write(0, 3000);
    write(3000, 500);
    client.flush(ino, handle);
    assertThat(volume.objects.puts.get() - puts).isEqualTo(1);
    assertThat(client.probe.calls("writeSlices")).isEqualTo(1);
    client.flush(ino, handle);
    assertThat(client.probe.calls("writeSlices")).isEqualTo(1);
  }

  @Test
  void aFlushOfManySlicesIsOneCommit() throws Exception {
    for (int i = 0; i < 4; i++) {
      write(10_000L * i, 100);
      write((1L << 26) * (i + 1), 100);
    }
    client.flush(ino, handle);
    assertThat(client.probe.calls("writeSlices")).isEqualTo(1);
    assertThat(client.volume.getAttr(ino).lengthBytes()).isEqualTo((4L << 26) + 100);
  }

  @Test
  void sendsOffWhatIsIdle() throws Exception {
    write(0, 10);
    long deadline = System.nanoTime() + 4_000_000_000L;
    while (records(0).isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      new Cancellation().pause(20);
    }
    assertThat(client.volume.getAttr(ino).lengthBytes()).isEqualTo(10);
  }

  @Test
  void showsLengthAndTimeOfWhatIsPending() throws Exception {
    Attr before = client.vfs.getAttr(ROOT, ino, handle);
    write(5, 10);
    Attr attr = client.vfs.getAttr(ROOT, ino, handle);
    assertThat(attr.lengthBytes()).isEqualTo(15);
    assertThat(attr.mtime()).isGreaterThanOrEqualTo(before.mtime());
    assertThat(client.volume.getAttr(ino).lengthBytes()).isZero();
    assertThat(client.vfs.lookup(ROOT, Ino.ROOT, Name.of("file")).attr().lengthBytes())
        .isEqualTo(15);
  }

  @Test
  void aTimeThatIsSetStays() throws Exception {
    write(0, 10);
    Timestamp past = new Timestamp(1000, 5);
    client.vfs.setAttr(
        ROOT, ino, handle, new AttrChange(null, null, null, null, past, past, false, false, false));
    client.flush(ino, handle);
    assertThat(client.vfs.getAttr(ROOT, ino, handle).mtime()).isEqualTo(past);
  }

  @Test
  void refusesWhatIsTooBig() throws Exception {
    assertThat(refusal(() -> write((1L << 57) - 5, 5))).isEqualTo(Errno.EFBIG);
    assertThat(refusal(() -> write((1L << 57) + 5, 5))).isEqualTo(Errno.EFBIG);
    AttrChange grow = new AttrChange(null, null, null, 1L << 57, null, null, false, false, false);
    assertThat(refusal(() -> client.vfs.setAttr(ROOT, ino, handle, grow))).isEqualTo(Errno.EFBIG);
  }

  @Test
  void refusesWritesThroughAReadOnlyHandleAndReadsThroughAWriteOnlyOne() throws Exception {
    long reader = client.open(ino, O_RDONLY);
    long writer = client.open(ino, O_WRONLY);
    assertThat(refusal(() -> client.write(ino, reader, 0, new byte[1]))).isEqualTo(Errno.EBADF);
    assertThat(refusal(() -> client.read(ino, writer, 0, 1))).isEqualTo(Errno.EBADF);
    AttrChange cut = new AttrChange(null, null, null, 0L, null, null, false, false, false);
    assertThat(refusal(() -> client.vfs.setAttr(ROOT, ino, reader, cut))).isEqualTo(Errno.EACCES);
    client.closeFile(ino, reader);
    client.closeFile(ino, writer);
    assertThat(refusal(() -> client.read(ino, reader, 0, 1))).isEqualTo(Errno.EBADF);
  }

  @Test
  void truncatesAtOpen() throws Exception {
    write(0, 10);
    long other = client.open(ino, O_RDWR | O_TRUNC);
    assertThat(client.read(ino, handle, 0, 10)).isEmpty();
    assertThat(client.vfs.getAttr(ROOT, ino, handle).lengthBytes()).isZero();
    client.closeFile(ino, other);
  }

  @Test
  void appendersLoseNothing() throws Exception {
    int threads = 8;
    int each = 500;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Void>> done = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      byte[] line = new byte[4 + t];
      Arrays.fill(line, (byte) ('a' + t));
      done.add(pool.submit(appender(line, each)));
    }
    for (Future<Void> future : done) {
      future.get();
    }
    pool.shutdown();
    int expected = 0;
    int[] counts = new int[threads];
    byte[] all = client.read(ino, handle, 0, 1 << 20);
    for (int t = 0; t < threads; t++) {
      expected += each * (4 + t);
    }
    for (byte b : all) {
      counts[b - 'a']++;
    }
    assertThat(all).hasSize(expected);
    for (int t = 0; t < threads; t++) {
      assertThat(counts[t]).isEqualTo(each * (4 + t));
    }
  }

  private Callable<Void> appender(byte[] line, int times) {
    return () -> {
      long mine = client.open(ino, O_WRONLY | O_APPEND);
      for (int i = 0; i < times; i++) {
        client.write(ino, mine, 0, line);
        if (i % 100 == 0) {
          client.flush(ino, mine);
        }
      }
      client.closeFile(ino, mine);
      return null;
    };
  }

  @Test
  void manySmallAppendsBecomeFewSlices() throws Exception {
    ByteBuffer four = ByteBuffer.allocateDirect(4);
    long appender = client.open(ino, O_WRONLY | O_APPEND);
    long start = System.nanoTime();
    int times = 1_000_000;
    for (int i = 0; i < times; i++) {
      client.vfs.write(ROOT, ino, appender, 0, four.clear(), false);
    }
    long perWrite = (System.nanoTime() - start) / times;
    client.closeFile(ino, appender);
    assertThat(client.volume.getAttr(ino).lengthBytes()).isEqualTo(4L * times);
    assertThat(records(0)).hasSizeLessThan(5);
    System.out.println("4-byte append: " + perWrite + " ns");
    assertThat(perWrite).isLessThan(10_000);
  }

  // ---- failures stick ----

  @Test
  void aFailedUploadSticksUntilTheFileIsClosed() throws Exception {
    volume.objects.refusePuts = true;
    write(0, 10);
    assertThat(refusal(() -> client.flush(ino, handle))).isEqualTo(Errno.EIO);
    volume.objects.refusePuts = false;
    assertThat(refusal(() -> write(0, 10))).isEqualTo(Errno.EIO);
    assertThat(refusal(() -> client.flush(ino, handle))).isEqualTo(Errno.EIO);
    assertThat(client.volume.getAttr(ino).lengthBytes()).isZero();
    client.vfs.release(ROOT, ino, handle, 0);
    handle = client.open(ino, O_RDWR);
    write(0, 10);
    client.flush(ino, handle);
    assertThat(client.volume.getAttr(ino).lengthBytes()).isEqualTo(10);
  }

  @Test
  void aRefusedCommitSticksAndLeavesNoObject() throws Exception {
    client.probe.fail("writeSlices", Errno.ENOSPC.exception());
    write(0, 10);
    assertThat(refusal(() -> client.flush(ino, handle))).isEqualTo(Errno.ENOSPC);
    assertThat(refusal(() -> client.vfs.fsync(ROOT, ino, handle, false))).isEqualTo(Errno.ENOSPC);
    client.probe.fail("writeSlices", null);
    long deadline = System.nanoTime() + 4_000_000_000L;
    while (!volume.objects.list("", "", 10).isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      new Cancellation().pause(10);
    }
  }

  @Test
  void anEngineOutageBecomesAnIoError() throws Exception {
    client.probe.fail(
        "writeSlices", new EngineException(EngineException.Kind.TRANSIENT, "away", null));
    write(0, 10);
    assertThat(refusal(() -> client.flush(ino, handle))).isEqualTo(Errno.EIO);
  }

  @Test
  void aFileThatIsGoneIsABadDescriptor() throws Exception {
    client.probe.fail("writeSlices", Errno.ENOENT.exception());
    write(0, 10);
    assertThat(refusal(() -> client.flush(ino, handle))).isEqualTo(Errno.EBADF);
    client.probe.fail("writeSlices", null);
  }

  @Test
  void readsFailAfterTheRetries() throws Exception {
    write(0, 10);
    client.flush(ino, handle);
    volume.objects.refuseGets = true;
    assertThatThrownBy(() -> client.read(ino, handle, 0, 10)).isInstanceOf(IOException.class);
    volume.objects.refuseGets = false;
    assertThat(client.read(ino, handle, 0, 10)).hasSize(10);
  }

  // ---- order ----

  @Test
  void theFileGrowsInOrder() throws Exception {
    write((1L << 26) - 10, 10);
    write(1L << 26, 10);
    write(3L << 26, 10);
    client.flush(ino, handle);
    assertThat(client.volume.getAttr(ino).lengthBytes()).isEqualTo((3L << 26) + 10);
  }

  @Test
  void unlinkedFilesCanStillBeWrittenAndRead() throws Exception {
    write(0, 10);
    client.vfs.unlink(ROOT, Ino.ROOT, Name.of("file"));
    write(10, 10);
    client.flush(ino, handle);
    assertThat(client.read(ino, handle, 0, 30)).hasSize(20);
    assertThat(client.vfs.getAttr(ROOT, ino, handle).nlink()).isZero();
  }

  // ---- other clients ----

  @Test
  void anotherClientSeesWhatWasClosed() throws Exception {
    write(0, 10);
    TestVolume.Client other = volume.client();
    long theirs = other.open(ino, O_RDWR);
    assertThat(other.read(ino, theirs, 0, 10)).isEmpty();
    client.flush(ino, handle);
    long again = other.open(ino, O_RDONLY);
    assertThat(other.read(ino, again, 0, 10)).hasSize(10);
    assertThat(other.read(ino, theirs, 0, 10)).hasSize(10);

    byte[] new10 = "0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    client.write(ino, handle, 0, new10);
    client.flush(ino, handle);
    Attr seen = other.vfs.getAttr(ROOT, ino, theirs);
    assertThat(seen.lengthBytes()).isEqualTo(10);
    assertThat(other.read(ino, theirs, 0, 10)).isEqualTo(new10);
    other.closeFile(ino, theirs);
    other.closeFile(ino, again);
  }

  @Test
  void theKernelKeepsItsPagesOnlyWhileTheFileIsUnchanged() throws Exception {
    write(0, 10);
    client.flush(ino, handle);
    Opened first = client.vfs.open(ROOT, ino, O_RDONLY);
    Opened second = client.vfs.open(ROOT, ino, O_RDONLY);
    assertThat(second.keepCache()).isTrue();
    write(0, 10);
    client.flush(ino, handle);
    Opened third = client.vfs.open(ROOT, ino, O_RDONLY);
    assertThat(third.keepCache()).isFalse();
    for (Opened opened : List.of(first, second, third)) {
      client.vfs.release(ROOT, ino, opened.handle(), 0);
    }
  }

  /** The kernel drops its pages when it sees another time: what it then reads must be fresh. */
  @Test
  void whoLearnsOfAChangeByLookupReadsIt() throws Exception {
    write(0, 10);
    client.flush(ino, handle);
    TestVolume.Client other = volume.client();
    long theirs = other.open(ino, O_RDONLY);
    assertThat(other.read(ino, theirs, 0, 10)).containsOnly('x');
    client.write(ino, handle, 0, new byte[10]);
    client.flush(ino, handle);
    Attr seen = other.vfs.lookup(ROOT, Ino.ROOT, Name.of("file")).attr();
    assertThat(seen.mtime()).isEqualTo(client.vfs.getAttr(ROOT, ino, handle).mtime());
    assertThat(other.read(ino, theirs, 0, 10)).containsOnly(0);
    other.closeFile(ino, theirs);
  }

  @Test
  void aWriteByAnotherUserTakesSetuidAndSetgidAway() throws Exception {
    AttrChange chmod = new AttrChange(06777, null, null, null, null, null, false, false, false);
    client.vfs.setAttr(ROOT, ino, handle, chmod);
    Request user = Request.of(io.jfs.meta.model.Caller.of(1000, 1000));
    client.vfs.write(user, ino, handle, 0, ByteBuffer.allocateDirect(1), false);
    assertThat(client.vfs.getAttr(ROOT, ino, handle).mode()).isEqualTo(06777);
    client.vfs.write(user, ino, handle, 0, ByteBuffer.allocateDirect(1), true);
    assertThat(client.vfs.getAttr(ROOT, ino, handle).mode()).isEqualTo(0777);
    client.vfs.setAttr(ROOT, ino, handle, chmod);
    client.vfs.fallocate(user, ino, handle, 3, 0, 1);
    assertThat(client.vfs.getAttr(ROOT, ino, handle).mode()).isEqualTo(0777);
  }

  /** The kernel asks for attributes and security.capability around every write. */
  @Test
  void askingWhileWritingCostsNoRoundTrips() throws Exception {
    byte[] capability = "security.capability".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = 0; i < 10; i++) {
      assertThat(refusal(() -> client.vfs.getXattr(ROOT, ino, capability, 0)))
          .isEqualTo(Errno.ENODATA);
      write(10L * i, 10);
      assertThat(client.vfs.getAttr(ROOT, ino, handle).lengthBytes()).isEqualTo(10L * i + 10);
    }
    client.flush(ino, handle);
    assertThat(client.probe.calls("getXattr")).isZero();
    assertThat(client.probe.calls("getAttr")).isZero();

    client.vfs.setXattr(ROOT, ino, capability, new byte[20], 0);
    assertThat(client.vfs.getXattr(ROOT, ino, capability, 0)).hasSize(20);
  }

  @Test
  void ownChangesOfLinksAndModeShowAtOnceWhileWriting() throws Exception {
    write(0, 10);
    client.vfs.link(ROOT, ino, Ino.ROOT, Name.of("second"));
    assertThat(client.vfs.getAttr(ROOT, ino, handle).nlink()).isEqualTo(2);
    write(10, 10);
    AttrChange chmod = new AttrChange(0600, null, null, null, null, null, false, false, false);
    client.vfs.setAttr(ROOT, ino, handle, chmod);
    assertThat(client.vfs.getAttr(ROOT, ino, handle).mode()).isEqualTo(0600);
    Ino other = client.vfs.mknod(ROOT, Ino.ROOT, Name.of("o"), 0100644, 0, 0).ino();
    assertThat(other).isNotEqualTo(ino);
    client.vfs.rename(ROOT, Ino.ROOT, Name.of("o"), Ino.ROOT, Name.of("file"), 0);
    assertThat(client.vfs.getAttr(ROOT, ino, handle).nlink()).isEqualTo(1);
    client.vfs.unlink(ROOT, Ino.ROOT, Name.of("second"));
    assertThat(client.vfs.getAttr(ROOT, ino, handle).nlink()).isZero();
    assertThat(client.vfs.getAttr(ROOT, ino, handle).lengthBytes()).isEqualTo(20);
  }
}
