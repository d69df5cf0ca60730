package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.O_RDWR;
import static io.jfs.vfs.TestVolume.ROOT;
import static io.jfs.vfs.TestVolume.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.FileRangeLock.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocksTest {
  private static final FileRangeLock WRITE_ALL =
      new FileRangeLock(Type.WRITE, 0, Long.MAX_VALUE, 9);
  private static final FileRangeLock UNLOCK_ALL =
      new FileRangeLock(Type.UNLOCK, 0, Long.MAX_VALUE, 9);

  private TestVolume volume;
  private TestVolume.Client client;
  private Ino ino;
  private long one;
  private long two;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
    Created created = client.create("file");
    ino = created.entry().ino();
    one = created.opened().handle();
    two = client.open(ino, O_RDWR);
  }

  @AfterEach
  void unmount() throws Exception {
    client.closeFile(ino, one);
    client.closeFile(ino, two);
    volume.close();
  }

  private CompletableFuture<Errno> later(Cancellation cancellation, LockAction action) {
    Request request = new Request(Caller.ROOT, cancellation, System.nanoTime());
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return refusal(() -> action.run(request));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private interface LockAction {
    void run(Request request) throws Exception;
  }

  @Test
  void aPosixLockConflictsWithAnotherOwner() throws Exception {
    client.vfs.setLock(ROOT, ino, one, 1, WRITE_ALL, false);
    assertThat(refusal(() -> client.vfs.setLock(ROOT, ino, two, 2, WRITE_ALL, false)))
        .isEqualTo(Errno.EAGAIN);
    FileRangeLock found = client.vfs.getLock(ROOT, ino, two, 2, WRITE_ALL);
    assertThat(found).isEqualTo(WRITE_ALL);
    assertThat(client.vfs.getLock(ROOT, ino, one, 1, WRITE_ALL).type()).isEqualTo(Type.UNLOCK);
  }

  /** An owner that no flush names: an open file description's. It goes with its handle. */
  @Test
  void theLockOfAnOpenFileDescriptionGoesWithIt() throws Exception {
    long third = client.open(ino, O_RDWR);
    client.vfs.setLock(ROOT, ino, third, 77, WRITE_ALL, false);
    client.vfs.flush(ROOT, ino, third, 5); // a process that closes a duplicate of it
    assertThat(refusal(() -> client.vfs.setLock(ROOT, ino, two, 2, WRITE_ALL, false)))
        .isEqualTo(Errno.EAGAIN);
    client.vfs.release(ROOT, ino, third, 0);
    assertThat(refusal(() -> client.vfs.setLock(ROOT, ino, two, 2, WRITE_ALL, false))).isNull();
    client.vfs.setLock(ROOT, ino, two, 2, UNLOCK_ALL, false);
  }

  /** A handle's release may come after its process has locked again through another. */
  @Test
  void aProcessKeepsWhatItLockedThroughAnotherHandle() throws Exception {
    long third = client.open(ino, O_RDWR);
    client.vfs.setLock(ROOT, ino, third, 1, WRITE_ALL, false);
    client.vfs.flush(ROOT, ino, third, 1);
    client.vfs.setLock(ROOT, ino, one, 1, WRITE_ALL, false);
    client.vfs.release(ROOT, ino, third, 0);
    assertThat(refusal(() -> client.vfs.setLock(ROOT, ino, two, 2, WRITE_ALL, false)))
        .isEqualTo(Errno.EAGAIN);
  }

  @Test
  void whoWaitsIsWokenWhenTheLockIsReleasedHere() throws Exception {
    client.vfs.setLock(ROOT, ino, one, 1, WRITE_ALL, false);
    CompletableFuture<Errno> waiter =
        later(
            new Cancellation(),
            request -> client.vfs.setLock(request, ino, two, 2, WRITE_ALL, true));
    new Cancellation().pause(700); // the pauses have grown by now
    assertThat(waiter).isNotDone();
    long start = System.nanoTime();
    client.vfs.setLock(ROOT, ino, one, 1, UNLOCK_ALL, false);
    assertThat(waiter.get(5, TimeUnit.SECONDS)).isNull();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(150));
    assertThat(refusal(() -> client.vfs.setLock(ROOT, ino, one, 1, WRITE_ALL, false)))
        .isEqualTo(Errno.EAGAIN);
  }

  @Test
  void whoWaitsCanBeCancelled() throws Exception {
    client.vfs.flock(ROOT, ino, one, 1, Type.WRITE, false);
    Cancellation cancellation = new Cancellation();
    CompletableFuture<Errno> waiter =
        later(cancellation, request -> client.vfs.flock(request, ino, two, 1, Type.READ, true));
    new Cancellation().pause(50);
    assertThat(waiter).isNotDone();
    cancellation.cancel();
    assertThat(waiter.get(5, TimeUnit.SECONDS)).isEqualTo(Errno.EINTR);
  }

  @Test
  void whoWaitsGetsALockThatAnotherClientReleases() throws Exception {
    TestVolume.Client other = volume.client();
    long theirs = other.open(ino, O_RDWR);
    other.vfs.flock(ROOT, ino, theirs, 1, Type.WRITE, false);
    CompletableFuture<Errno> waiter =
        later(new Cancellation(), r -> client.vfs.flock(r, ino, one, 1, Type.WRITE, true));
    new Cancellation().pause(50);
    assertThat(waiter).isNotDone();
    other.vfs.flush(ROOT, ino, theirs, 1);
    other.vfs.release(ROOT, ino, theirs, 1);
    assertThat(waiter.get(5, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void closingAnyDescriptorReleasesTheOwnersPosixLocks() throws Exception {
    client.vfs.setLock(ROOT, ino, one, 1, WRITE_ALL, false);
    client.vfs.flush(ROOT, ino, two, 1);
    assertThat(refusal(() -> client.vfs.setLock(ROOT, ino, two, 2, WRITE_ALL, false))).isNull();
  }

  @Test
  void closingTheHandleReleasesItsFlock() throws Exception {
    long three = client.open(ino, O_RDWR);
    client.vfs.flock(ROOT, ino, three, 5, Type.WRITE, false);
    assertThat(refusal(() -> client.vfs.flock(ROOT, ino, one, 5, Type.READ, false)))
        .isEqualTo(Errno.EAGAIN);
    client.vfs.release(ROOT, ino, three, 5);
    assertThat(refusal(() -> client.vfs.flock(ROOT, ino, one, 5, Type.READ, false))).isNull();
  }

  @Test
  void aFlockThatBecomesSharedLetsOthersIn() throws Exception {
    client.vfs.flock(ROOT, ino, one, 1, Type.WRITE, false);
    CompletableFuture<Errno> waiter =
        later(new Cancellation(), r -> client.vfs.flock(r, ino, two, 2, Type.READ, true));
    new Cancellation().pause(20);
    client.vfs.flock(ROOT, ino, one, 1, Type.READ, false);
    assertThat(waiter.get(5, TimeUnit.SECONDS)).isNull();
  }
}
