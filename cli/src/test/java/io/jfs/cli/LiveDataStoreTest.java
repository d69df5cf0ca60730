package io.jfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.cli.option.CommandLineParser;
import io.jfs.cli.option.FuseOptions;
import io.jfs.cli.option.MetaOptions;
import io.jfs.cli.option.StorageOptions;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.model.Format;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LiveDataStoreTest {
  @TempDir Path folder;

  private static MountPlan plan(String... args) throws Exception {
    CommandLineParser parser =
        new CommandLineParser(List.of(StorageOptions.GROUP, MetaOptions.GROUP, FuseOptions.GROUP));
    return MountPlan.of(parser.parse(List.of(args)).options(), Path.of("/mnt"));
  }

  private Format format() {
    return VolumeAdmin.defaults("vol").set("Bucket", folder.resolve("first") + "/");
  }

  private LiveDataStore open(MountPlan plan) throws Exception {
    return new LiveDataStore(plan, format(), new PagePool(new MemoryBudget(1 << 20)));
  }

  @Test
  void aNewBucketIsUsedAtOnce() throws Exception {
    LiveDataStore live = open(plan());
    live.store().put("a", ByteBuffer.allocate(1));
    live.follow(format().set("Bucket", folder.resolve("second") + "/"));
    live.store().put("b", ByteBuffer.allocate(1));
    assertThat(folder.resolve("first/vol/a")).exists();
    assertThat(folder.resolve("second/vol/b")).exists();
    assertThat(folder.resolve("second/vol/a")).doesNotExist();
    live.store().close();
  }

  @Test
  void theMountsOwnBucketWins() throws Exception {
    LiveDataStore live = open(plan("--bucket", folder.resolve("own").toString()));
    live.follow(format().set("Bucket", folder.resolve("second") + "/"));
    live.store().put("a", ByteBuffer.allocate(1));
    assertThat(folder.resolve("own/vol/a")).exists();
    live.store().close();
  }

  @Test
  void whatCannotBeOpenedLeavesTheStoreAsItWas() throws Exception {
    LiveDataStore live = open(plan());
    live.follow(format().set("Storage", "floppy"));
    live.store().put("a", ByteBuffer.allocate(1));
    assertThat(folder.resolve("first/vol/a")).exists();
    live.store().close();
  }

  @Test
  void aLimitOfTheVolumeHoldsUntilItIsTakenAway() throws Exception {
    LiveDataStore live = open(plan());
    live.follow(format().set("UploadLimit", 1L));
    Thread writing = new Thread(() -> put(live, 100 << 20));
    writing.setDaemon(true);
    writing.start();
    while (writing.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    live.follow(format());
    writing.join(60_000);
    assertThat(writing.isAlive()).isFalse();
    live.store().close();
  }

  @Test
  void theMountsOwnLimitWins() throws Exception {
    MountPlan plan = plan("--upload-limit", "0");
    assertThat(plan.uploadMbps(format().set("UploadLimit", 1L))).isZero();
    assertThat(plan("--upload-limit", "80").uploadMbps(format())).isEqualTo(80);
    assertThat(plan().downloadMbps(format().set("DownloadLimit", 5L))).isEqualTo(5);
  }

  private static void put(LiveDataStore live, int lengthBytes) {
    try {
      live.store().put("big", ByteBuffer.allocate(lengthBytes));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
