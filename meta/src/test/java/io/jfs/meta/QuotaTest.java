package io.jfs.meta;

import static io.jfs.meta.TestClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.background.QuotaBook.QuotaUsage;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaKey.Kind;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.model.VolumeUsage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final Caller ROOT = Caller.ROOT;
  private static final Caller USER = Caller.of(1000, 1001);

  private TestVolume volume;
  private TestVolume.Client one;
  private TestVolume.Client two;
  private Ino dir;
  private Ino sub;

  @BeforeEach
  void mount() throws Exception {
    volume =
        TestVolume.with(
            TestVolume.inMemory(),
            format -> format.set("TrashDays", 0L).set("UserGroupQuota", true));
    one = volume.mount();
    two = volume.mount();
    dir = mkdir(Ino.ROOT, "dir");
    sub = mkdir(dir, "sub");
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private Ino mkdir(Ino parent, String name) throws FsException {
    return one.meta().create(ROOT, parent, Name.of(name), NewInode.directory(0777, 0)).ino();
  }

  private Ino mkfile(Ino parent, String name) throws FsException {
    return mkfile(ROOT, parent, name);
  }

  private Ino mkfile(Caller caller, Ino parent, String name) throws FsException {
    return one.meta().create(caller, parent, Name.of(name), NewInode.file(0666, 0)).ino();
  }

  private void write(Ino ino, int len) throws FsException {
    Slice slice = new Slice(0, one.meta().newSliceId(), len, 0, len);
    one.meta().writeSlices(ino, List.of(new ChunkSlice(0, slice)), Timestamp.EPOCH);
  }

  private QuotaUsage quota(TestVolume.Client client, QuotaKey key) {
    client.beat();
    QuotaUsage usage = client.meta().quotas().usage(key);
    assertThat(usage).isNotNull();
    return usage;
  }

  private QuotaKey limit(Ino directory, long space, long inodes) throws FsException {
    QuotaKey key = new QuotaKey(Kind.DIRECTORY, directory.value());
    one.meta().quotas().set(key, new QuotaLimits(space, inodes));
    return key;
  }

  private void flush() {
    one.jobs().run("quota usage");
  }

  @Test
  void directoryQuotaCountsWhatIsBelowAndNotItself() throws Exception {
    mkfile(sub, "before");
    QuotaKey key = limit(dir, 1 << 20, 100);
    assertThat(quota(one, key).usedInodes()).isEqualTo(2);
    write(mkfile(sub, "f"), 10_000);
    assertThat(quota(one, key).usedInodes()).isEqualTo(3);
    assertThat(quota(one, key).usedSpaceBytes()).isEqualTo(2 * 4096 + 12288);
    flush();
    assertThat(quota(two, key)).isEqualTo(quota(one, key));
  }

  @Test
  void fullDirectoryQuotaRefuses() throws Exception {
    limit(dir, 5 * 4096, 3);
    Ino file = mkfile(sub, "a");
    mkfile(sub, "b");
    assertThat(refusal(() -> mkfile(sub, "c"))).isEqualTo(Errno.EDQUOT);
    mkfile(Ino.ROOT, "elsewhere");
    write(file, 3 * 4096);
    assertThat(refusal(() -> write(file, 3 * 4096 + 1))).isEqualTo(Errno.EDQUOT);
    assertThat(refusal(() -> one.meta().truncate(ROOT, file, 1 << 20, true)))
        .isEqualTo(Errno.EDQUOT);
    assertThat(
            refusal(
                () -> one.meta().fallocate(ROOT, file, FallocateMode.ALLOCATE, 0, 1 << 20, false)))
        .isEqualTo(Errno.EDQUOT);
    one.meta().truncate(ROOT, file, 0, true);
    one.meta().unlink(ROOT, sub, Name.of("b"));
    mkfile(sub, "c");
  }

  @Test
  void movingATreeMovesItsUsage() throws Exception {
    Ino tree = mkdir(Ino.ROOT, "tree");
    write(mkfile(tree, "f"), 5000);
    QuotaKey key = limit(dir, 1 << 20, 4);
    one.meta().rename(ROOT, Ino.ROOT, Name.of("tree"), dir, Name.of("tree"), 0);
    assertThat(quota(one, key).usedInodes()).isEqualTo(3);
    assertThat(quota(one, key).usedSpaceBytes()).isEqualTo(2 * 4096 + 8192);
    mkfile(tree, "g");
    one.meta().rename(ROOT, dir, Name.of("tree"), Ino.ROOT, Name.of("tree"), 0);
    assertThat(quota(one, key).usedInodes()).isEqualTo(1);
    mkfile(tree, "h");
    mkfile(tree, "i");
    assertThat(
            refusal(
                () -> one.meta().rename(ROOT, Ino.ROOT, Name.of("tree"), dir, Name.of("tree"), 0)))
        .isEqualTo(Errno.EDQUOT);
  }

  @Test
  void usersAndGroupsAreCounted() throws Exception {
    Ino file = mkfile(USER, dir, "f");
    write(file, 5000);
    QuotaKey user = new QuotaKey(Kind.USER, 1000);
    QuotaKey group = new QuotaKey(Kind.GROUP, 1001);
    assertThat(quota(one, user).usedSpaceBytes()).isEqualTo(8192);
    assertThat(quota(one, group).usedInodes()).isEqualTo(1);
    flush();
    one.meta().quotas().set(user, new QuotaLimits(0, 1));
    assertThat(quota(two, user).usedInodes()).isEqualTo(1);
    assertThat(refusal(() -> mkfile(USER, dir, "g"))).isEqualTo(Errno.EDQUOT);
    one.meta().unlink(ROOT, dir, Name.of("f"));
    mkfile(USER, dir, "g");
  }

  @Test
  void statfsIsNarrowedByTheQuotasAbove() throws Exception {
    limit(dir, 1 << 20, 50);
    mkfile(sub, "f");
    VolumeUsage usage = one.meta().usage(sub);
    assertThat(usage.totalBytes()).isEqualTo(1 << 20);
    assertThat(usage.availableBytes()).isEqualTo((1 << 20) - 2 * 4096);
    assertThat(usage.availableInodes()).isEqualTo(48);
    assertThat(one.meta().usage(Ino.ROOT).totalBytes()).isEqualTo(1L << 50);
  }

  @Test
  void deletedQuotaIsForgottenEverywhere() throws Exception {
    QuotaKey key = limit(dir, 4096, 1);
    assertThat(quota(two, key)).isNotNull();
    one.meta().quotas().delete(key);
    two.beat();
    assertThat(two.meta().quotas().usage(key)).isNull();
    mkfile(sub, "f");
    flush();
    two.beat();
    assertThat(two.meta().quotas().usage(key)).isNull();
  }

  @Test
  void capacityCountsForRoot() throws Exception {
    volume.update(format -> format.set("Capacity", 1L << 20));
    one.beat();
    Ino file = mkfile(dir, "f");
    assertThat(refusal(() -> write(file, 1 << 20))).isEqualTo(Errno.ENOSPC);
    write(file, 1 << 19);
    assertThat(one.meta().usage(Ino.ROOT).availableBytes())
        .isEqualTo((1 << 20) - (1 << 19) - 2 * 4096);
  }
}
