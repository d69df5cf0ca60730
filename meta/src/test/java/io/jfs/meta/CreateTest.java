package io.jfs.meta;

import static io.jfs.meta.TestClient.ROOT;
import static io.jfs.meta.TestClient.STRANGER;
import static io.jfs.meta.TestClient.USER;
import static io.jfs.meta.TestClient.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.Acl;
import io.jfs.meta.ops.AtimeMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CreateTest extends NamespaceFixture {
  private Ino directory(Caller owner, int mode) throws FsException {
    Ino dir = fs.mkdir(owner, Ino.ROOT, "d" + fs.ls(Ino.ROOT).size(), 0);
    fs.names.setAttr(
        ROOT, dir, new AttrUpdate(mode, null, null, null, null, false, false, null, false));
    return dir;
  }

  @Test
  void aNewInodeIsItsCallers() throws FsException {
    Entry made = fs.names.create(USER, Ino.ROOT, Name.of("f"), NewInode.file(06777, 0022));
    Attr attr = made.attr();
    assertThat(attr).isEqualTo(fs.attr(made.ino()));
    assertThat(attr.uid()).isEqualTo(1000);
    assertThat(attr.gid()).isEqualTo(1000);
    assertThat(attr.mode()).isEqualTo(06755);
    assertThat(attr.nlink()).isEqualTo(1);
    assertThat(attr.parent()).isEqualTo(Ino.ROOT);
    assertThat(attr.mtime()).isEqualTo(Timestamp.of(clock.instant()));
    assertThat(attr.atime()).isEqualTo(attr.ctime());
  }

  @Test
  void setgidDirectoriesHandTheirGroupDown() throws FsException {
    Ino dir = directory(ROOT, 02777);
    Ino sub = fs.mkdir(STRANGER, dir, "sub", 0755);
    assertThat(fs.attr(sub).gid()).isZero();
    assertThat(fs.attr(sub).mode()).isEqualTo(02755);
    assertThat(fs.attr(fs.mkfile(STRANGER, dir, "f", 02755)).mode()).isEqualTo(0755);
    assertThat(fs.attr(fs.mkfile(ROOT, dir, "g", 02755)).mode()).isEqualTo(02755);
  }

  @Test
  void nodesOfEveryType() throws FsException {
    for (FileType type :
        new FileType[] {
          FileType.FIFO, FileType.SOCKET, FileType.BLOCK_DEVICE, FileType.CHAR_DEVICE
        }) {
      NewInode node = new NewInode(type, 0640, 0, 0x811, null);
      Ino ino = fs.names.create(ROOT, Ino.ROOT, Name.of(type.name()), node).ino();
      boolean device = type == FileType.BLOCK_DEVICE || type == FileType.CHAR_DEVICE;
      assertThat(fs.attr(ino).type()).isEqualTo(type);
      assertThat(fs.attr(ino).rdev()).isEqualTo(device ? 0x811 : 0);
      fs.unlink(Ino.ROOT, type.name());
    }
  }

  @Test
  void symlinkTargetsHaveLimits() {
    assertThat(symlink(new byte[0])).isEqualTo(Errno.ENOENT);
    assertThat(symlink(new byte[4097])).isEqualTo(Errno.ENAMETOOLONG);
    assertThat(symlink(new byte[] {'a', 0})).isEqualTo(Errno.EINVAL);
    assertThat(symlink("\u00e4".getBytes(UTF_8))).isNull();
  }

  private Errno symlink(byte[] target) {
    return refusal(() -> fs.names.create(USER, Ino.ROOT, Name.of("l"), NewInode.symlink(target)));
  }

  @Test
  void directoriesDecideWhoMakes() throws FsException {
    Ino closed = directory(ROOT, 0755);
    assertThat(refusal(() -> fs.mkfile(USER, closed, "f", 0644))).isEqualTo(Errno.EACCES);
    Ino open = directory(ROOT, 0777);
    fs.names.setAttr(ROOT, open, AttrUpdate.ofFlags(Attr.FLAG_IMMUTABLE));
    assertThat(refusal(() -> fs.mkfile(USER, open, "f", 0644))).isEqualTo(Errno.EPERM);
    fs.names.setAttr(ROOT, open, AttrUpdate.ofFlags(Attr.FLAG_APPEND | Attr.FLAG_SKIP_TRASH));
    Ino file = fs.mkfile(USER, open, "f", 0644);
    assertThat(fs.attr(file).flags()).isEqualTo(Attr.FLAG_SKIP_TRASH);
    assertThat(refusal(() -> fs.names.unlink(USER, open, Name.of("f")))).isEqualTo(Errno.EPERM);
    fs.names.setAttr(ROOT, open, AttrUpdate.ofFlags(0));
    fs.trashDays.set(1);
    fs.names.unlink(USER, open, Name.of("f"));
    assertThat(refusal(() -> fs.attr(file))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void namesThatAreNotMade() {
    assertThat(refusal(() -> fs.mkfile(Ino.ROOT, ".trash"))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> fs.mkfile(Ino.ROOT, "."))).isEqualTo(Errno.EEXIST);
    assertThat(refusal(() -> fs.mkfile(Ino.ROOT, ".."))).isEqualTo(Errno.EEXIST);
    assertThat(refusal(() -> fs.mkfile(new Ino(99), "a"))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void directoryTimesMoveAtMostTenTimesASecond() throws FsException {
    Ino dir = fs.mkdir(Ino.ROOT, "d");
    Timestamp made = fs.attr(dir).mtime();
    clock.advance(Duration.ofMillis(99));
    fs.mkfile(dir, "a");
    assertThat(fs.attr(dir).mtime()).isEqualTo(made);
    clock.advance(Duration.ofMillis(1));
    fs.mkfile(dir, "b");
    assertThat(fs.attr(dir).mtime()).isEqualTo(Timestamp.of(clock.instant()));
    clock.advance(Duration.ofMillis(1));
    fs.mkdir(dir, "c");
    assertThat(fs.attr(dir).ctime()).isEqualTo(Timestamp.of(clock.instant()));
  }

  @Test
  void defaultAclsReplaceTheUmask() throws FsException {
    Ino dir = directory(ROOT, 0777);
    fs.names.setXattr(ROOT, dir, Acl.DEFAULT, AclValues.of(7, 5, 7, 5, 1001, 6), 0);
    Ino file = fs.names.create(USER, dir, Name.of("f"), NewInode.file(0666, 0077)).ino();
    assertThat(fs.attr(file).mode()).isEqualTo(0664);
    assertThat(fs.names.getXattr(file, Acl.ACCESS)).isEqualTo(AclValues.of(6, 5, 6, 4, 1001, 6));
    Ino sub = fs.mkdir(USER, dir, "sub", 0700);
    assertThat(fs.attr(sub).defaultAcl()).isEqualTo(fs.attr(dir).defaultAcl());
    assertThat(fs.attr(sub).mode()).isEqualTo(0700);
    fs.names.setXattr(ROOT, dir, Acl.DEFAULT, AclValues.minimal(7, 0, 0), 0);
    Ino other = fs.mkfile(USER, dir, "g", 0666);
    assertThat(fs.attr(other).mode()).isEqualTo(0600);
    assertThat(fs.attr(other).accessAcl()).isZero();
  }

  @Test
  void linksAreCountedPerDirectory() throws FsException {
    Ino dir = fs.mkdir(Ino.ROOT, "d");
    Ino file = fs.mkfile(Ino.ROOT, "a");
    assertThat(refusal(() -> fs.link(dir, Ino.ROOT, "x"))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> fs.link(file, Ino.ROOT, "d"))).isEqualTo(Errno.EEXIST);
    assertThat(fs.link(file, Ino.ROOT, "b").attr().parent()).isEqualTo(Ino.NONE);
    fs.link(file, dir, "c");
    fs.trashDays.set(1);
    fs.unlink(dir, "c");
    assertThat(fs.attr(file).nlink()).isEqualTo(3);
    fs.names.setAttr(ROOT, file, AttrUpdate.ofFlags(Attr.FLAG_IMMUTABLE));
    assertThat(refusal(() -> fs.link(file, dir, "e"))).isEqualTo(Errno.EPERM);
  }

  @Test
  void aReadOnlyClientChangesNothing() throws FsException {
    Ino dir = fs.mkdir(Ino.ROOT, "d");
    Namespace names = new Namespace(fs.parts(Ino.ROOT, true, AtimeMode.STRICTATIME));
    assertThat(refusal(() -> names.create(ROOT, dir, Name.of("x"), NewInode.file(0, 0))))
        .isEqualTo(Errno.EROFS);
    assertThat(refusal(() -> names.rmdir(ROOT, Ino.ROOT, Name.of("d")))).isEqualTo(Errno.EROFS);
    names.touchAccessTime(dir, fs.attr(dir));
    assertThat(names.readdir(ROOT, Ino.ROOT, null, 10, true).rows()).hasSize(1);
  }

  @Test
  void aViewOfASubdirectoryEndsThere() throws FsException {
    Ino sub = fs.mkdir(Ino.ROOT, "sub");
    Ino file = fs.mkfile(sub, "f");
    Ino inner = fs.mkdir(sub, "inner");
    Namespace names = new Namespace(fs.parts(sub, false, AtimeMode.NOATIME));
    assertThat(names.lookup(ROOT, Ino.ROOT, Name.of("f"))).extracting(Entry::ino).isEqualTo(file);
    assertThat(names.lookup(ROOT, Ino.ROOT, Name.of("..")))
        .extracting(Entry::ino)
        .isEqualTo(Ino.ROOT);
    assertThat(names.lookup(ROOT, inner, Name.of(".."))).extracting(Entry::ino).isEqualTo(Ino.ROOT);
    assertThat(names.lookup(ROOT, Ino.ROOT, Name.of(".trash"))).isNull();
    assertThat(fs.names.lookup(ROOT, Ino.ROOT, Name.of(".trash"))).isNotNull();
    assertThat(names.getAttr(Ino.ROOT)).isEqualTo(fs.attr(sub));
  }

  @Test
  void accessTimesFollowTheMode() throws FsException {
    Ino file = fs.mkfile(Ino.ROOT, "f");
    Namespace strict = new Namespace(fs.parts(Ino.ROOT, false, AtimeMode.STRICTATIME));
    Timestamp made = fs.attr(file).atime();
    clock.advance(Duration.ofSeconds(2));
    fs.names.touchAccessTime(file, fs.attr(file));
    assertThat(fs.attr(file).atime()).isEqualTo(made);
    strict.touchAccessTime(file, fs.attr(file));
    Timestamp touched = fs.attr(file).atime();
    assertThat(touched).isEqualTo(Timestamp.of(clock.instant()));
    assertThat(fs.attr(file).ctime()).isEqualTo(made);
    clock.advance(Duration.ofHours(25));
    fs.names.touchAccessTime(file, fs.attr(file));
    assertThat(fs.attr(file).atime()).isGreaterThan(touched);
  }

  @Test
  void quotasAreAskedBeforeAnythingGrows() throws FsException {
    Ino dir = fs.mkdir(Ino.ROOT, "d");
    Ino file = fs.mkfile(dir, "f");
    fs.quota =
        (txn, uid, gid, directory, spaceBytes, inodes) -> {
          throw Errno.EDQUOT.exception();
        };
    assertThat(refusal(() -> fs.mkfile(dir, "g"))).isEqualTo(Errno.EDQUOT);
    assertThat(refusal(() -> fs.link(file, dir, "g"))).isEqualTo(Errno.EDQUOT);
    assertThat(refusal(() -> fs.rename(dir, "f", dir, "g", 4))).isEqualTo(Errno.EDQUOT);
    fs.rename(dir, "f", dir, "g");
    fs.unlink(dir, "g");
  }
}
