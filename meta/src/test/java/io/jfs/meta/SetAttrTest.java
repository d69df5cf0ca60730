package io.jfs.meta;

import static io.jfs.meta.TestClient.ROOT;
import static io.jfs.meta.TestClient.STRANGER;
import static io.jfs.meta.TestClient.USER;
import static io.jfs.meta.TestClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.Acl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetAttrTest extends NamespaceFixture {
  private Attr chmod(Caller caller, Ino ino, int mode) throws FsException {
    return fs.names.setAttr(
        caller, ino, new AttrUpdate(mode, null, null, null, null, false, false, null, false));
  }

  private Attr chown(Caller caller, Ino ino, @Nullable Integer uid, @Nullable Integer gid)
      throws FsException {
    return fs.names.setAttr(
        caller, ino, new AttrUpdate(null, uid, gid, null, null, false, false, null, false));
  }

  private Attr utimes(Caller caller, Ino ino, Timestamp atime, Timestamp mtime) throws FsException {
    return fs.names.setAttr(
        caller, ino, new AttrUpdate(null, null, null, atime, mtime, false, false, null, false));
  }

  private Attr touch(Caller caller, Ino ino) throws FsException {
    return fs.names.setAttr(
        caller, ino, new AttrUpdate(null, null, null, null, null, true, true, null, false));
  }

  private Attr kill(Ino ino) throws FsException {
    return fs.names.setAttr(
        STRANGER, ino, new AttrUpdate(null, null, null, null, null, false, false, null, true));
  }

  private Ino file(int mode) throws FsException {
    Ino ino = fs.mkfile(USER, Ino.ROOT, "f" + mode + fs.ls(Ino.ROOT).size(), 0);
    chmod(ROOT, ino, mode);
    return ino;
  }

  @ParameterizedTest
  @CsvSource({"6755, 755", "6745, 2745", "4644, 644", "2755, 755", "1755, 1755"})
  void rootsChownDropsSetIdBits(String before, String after) throws FsException {
    Ino ino = file(Integer.parseInt(before, 8));
    Attr attr = chown(ROOT, ino, 7, 8);
    assertThat(Integer.toString(attr.mode(), 8)).isEqualTo(after);
    assertThat(attr.uid()).isEqualTo(7);
    assertThat(attr.gid()).isEqualTo(8);
  }

  @Test
  void anOwnersChownDropsBothBitsAndADirectoryKeepsThem() throws FsException {
    Ino ino = file(06745);
    assertThat(chown(USER, ino, null, 2000).mode()).isEqualTo(0745);
    Ino dir = fs.mkdir(USER, Ino.ROOT, "d", 0755);
    chmod(ROOT, dir, 06755);
    assertThat(chown(ROOT, dir, 5, 5).mode()).isEqualTo(06755);
  }

  @Test
  void ownersAreChangedByRootAndGroupsByMembers() throws FsException {
    Ino ino = file(0644);
    assertThat(refusal(() -> chown(USER, ino, 3000, null))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> chown(USER, ino, null, 4000))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> chown(STRANGER, ino, 1000, null))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> chown(STRANGER, ino, null, 3000))).isEqualTo(Errno.EPERM);
    assertThat(chown(USER, ino, 1000, 2000).gid()).isEqualTo(2000);
  }

  @Test
  void modesAreTheOwners() throws FsException {
    Ino ino = file(04755);
    assertThat(refusal(() -> chmod(STRANGER, ino, 0777))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> chmod(STRANGER, ino, 04755))).isEqualTo(Errno.EPERM);
    assertThat(chmod(STRANGER, ino, 0755).mode()).isEqualTo(0755);
    assertThat(chmod(USER, ino, 04700).mode()).isEqualTo(04700);
  }

  @Test
  void aStrangerToTheGroupSetsNoSetgid() throws FsException {
    Ino ino = file(0644);
    chown(ROOT, ino, null, 4000);
    assertThat(chmod(USER, ino, 02755).mode()).isEqualTo(0755);
    assertThat(chmod(ROOT, ino, 02755).mode()).isEqualTo(02755);
  }

  @Test
  void timesBefore1970AreKept() throws FsException {
    Ino ino = file(0644);
    Timestamp before = new Timestamp(-86400, 999_999_999);
    Attr attr = utimes(USER, ino, before, new Timestamp(Long.MIN_VALUE / 4, 1));
    assertThat(fs.attr(ino)).isEqualTo(attr);
    assertThat(attr.atime()).isEqualTo(before);
    assertThat(attr.mtime().seconds()).isEqualTo(Long.MIN_VALUE / 4);
  }

  @Test
  void timesAreTheOwnersAndNowIsAWriters() throws FsException {
    Ino ino = file(0646);
    assertThat(refusal(() -> utimes(STRANGER, ino, Timestamp.EPOCH, Timestamp.EPOCH)))
        .isEqualTo(Errno.EPERM);
    clock.advance(Duration.ofSeconds(5));
    assertThat(touch(STRANGER, ino).mtime()).isEqualTo(Timestamp.of(clock.instant()));
    chmod(USER, ino, 0644);
    assertThat(refusal(() -> touch(STRANGER, ino))).isEqualTo(Errno.EACCES);
  }

  @Test
  void everyGrantedChangeMovesCtimeAndARefusedOneDoesNot() throws FsException {
    Ino ino = file(0644);
    Timestamp before = fs.attr(ino).ctime();
    clock.advance(Duration.ofSeconds(5));
    fs.names.setAttr(USER, ino, AttrUpdate.NONE);
    kill(ino);
    assertThat(refusal(() -> chmod(STRANGER, ino, 0))).isEqualTo(Errno.EPERM);
    assertThat(fs.attr(ino).ctime()).isEqualTo(before);
    assertThat(chmod(USER, ino, 0644).ctime()).isEqualTo(Timestamp.of(clock.instant()));
  }

  @ParameterizedTest
  @CsvSource({"6755, 755", "6745, 2745", "2644, 2644", "1777, 1777"})
  void aWriteDropsSetIdBits(String before, String after) throws FsException {
    Ino ino = file(Integer.parseInt(before, 8));
    assertThat(Integer.toString(kill(ino).mode(), 8)).isEqualTo(after);
  }

  @Test
  void protectedInodesKeepTheirAttributes() throws FsException {
    Ino ino = file(0644);
    for (int flag : new int[] {Attr.FLAG_IMMUTABLE, Attr.FLAG_APPEND}) {
      assertThat(refusal(() -> fs.names.setAttr(USER, ino, AttrUpdate.ofFlags(flag))))
          .isEqualTo(Errno.EPERM);
      fs.names.setAttr(ROOT, ino, AttrUpdate.ofFlags(flag));
      assertThat(refusal(() -> chmod(ROOT, ino, 0600))).isEqualTo(Errno.EPERM);
      assertThat(refusal(() -> chown(ROOT, ino, 1, 1))).isEqualTo(Errno.EPERM);
      assertThat(refusal(() -> utimes(ROOT, ino, Timestamp.EPOCH, Timestamp.EPOCH)))
          .isEqualTo(Errno.EPERM);
      assertThat(refusal(() -> touch(ROOT, ino)))
          .isEqualTo(flag == Attr.FLAG_IMMUTABLE ? Errno.EPERM : null);
      fs.names.setAttr(ROOT, ino, AttrUpdate.ofFlags(0));
    }
    assertThat(chmod(USER, ino, 0600).mode()).isEqualTo(0600);
    assertThat(refusal(() -> fs.names.setAttr(STRANGER, ino, AttrUpdate.ofFlags(0x20))))
        .isEqualTo(Errno.EPERM);
  }

  @Test
  void chmodChangesTheMaskOfAnAcl() throws FsException {
    Ino ino = file(0664);
    fs.names.setXattr(USER, ino, Acl.ACCESS, AclValues.of(6, 4, 6, 4, 3000, 6), 0);
    assertThat(fs.attr(ino).mode()).isEqualTo(0664);
    assertThat(refusal(() -> fs.names.access(STRANGER, ino, 2))).isNull();
    assertThat(chmod(USER, ino, 0740).mode()).isEqualTo(0740);
    assertThat(fs.names.getXattr(ino, Acl.ACCESS)).isEqualTo(AclValues.of(7, 4, 4, 0, 3000, 6));
    assertThat(refusal(() -> fs.names.access(STRANGER, ino, 2))).isEqualTo(Errno.EACCES);
    assertThat(refusal(() -> fs.names.access(STRANGER, ino, 4))).isNull();
  }

  @Test
  void whatLiesInTheTrashIsLeftAlone() throws FsException {
    fs.trashDays.set(1);
    Ino ino = fs.mkfile(Ino.ROOT, "a");
    fs.unlink(Ino.ROOT, "a");
    assertThat(refusal(() -> chmod(ROOT, ino, 0600))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> chmod(ROOT, Ino.TRASH_ROOT, 0600))).isEqualTo(Errno.EPERM);
  }
}
