package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.device.GatherList;
import io.jfs.fuse.device.NativeMemory;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KernelNotificationsTest {
  /** A kernel that takes a message when it is let. */
  private static final class SlowDevice implements FuseDevice {
    final List<byte[]> messages = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch let = new CountDownLatch(1);

    @Override
    public int read(NativeMemory into) {
      return -ENODEV;
    }

    @Override
    public int write(GatherList message) {
      try {
        let.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      messages.add(message.toByteArray());
      return -ENOENT;
    }

    @Override
    public FuseDevice openClone() {
      return this;
    }

    @Override
    public void close() {}
  }

  private final SlowDevice device = new SlowDevice();
  private final KernelNotifications notifications = new KernelNotifications(device);

  private void awaitMessages(int count) throws InterruptedException {
    for (int i = 0; i < 500 && device.messages.size() < count; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(device.messages).hasSize(count);
  }

  @Test
  void sendsEachPendingMessageOnceAndReturnsAtOnce() throws Exception {
    notifications.invalidateData(new Ino(2), 0, 0);
    notifications.invalidateEntry(Ino.ROOT, Name.of("name"));
    notifications.invalidateData(new Ino(2), 0, 0);
    notifications.start();
    notifications.invalidateData(new Ino(3), -1, 0);
    device.let.countDown();
    awaitMessages(3);
    assertThat(device.messages.get(0)).hasSize(40);
    assertThat(device.messages.get(1)).hasSize(37);
    assertThat(device.messages.get(2)[16]).isEqualTo((byte) 3);
    notifications.invalidateData(new Ino(2), 0, 0);
    awaitMessages(4);
    notifications.end();
    notifications.invalidateData(new Ino(2), 0, 0);
    assertThat(device.messages).hasSize(4);
  }

  @Test
  void isBounded() throws Exception {
    for (int i = 0; i < 70_000; i++) {
      notifications.invalidateData(new Ino(i), 0, 0);
    }
    device.let.countDown();
    notifications.start();
    awaitMessages(65_536);
    notifications.invalidateData(new Ino(1), 0, 0);
    awaitMessages(65_537);
    notifications.end();
  }
}
