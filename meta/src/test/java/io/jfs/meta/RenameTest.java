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
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenameTest extends NamespaceFixture {
  private Errno refused(Caller caller, Ino from, String name, Ino to, String newName) {
    return refusal(() -> fs.names.rename(caller, from, Name.of(name), to, Name.of(newName), 0));
  }

  private Ino open(Caller caller, String name, int mode) throws FsException {
    Ino dir = fs.mkdir(caller, Ino.ROOT, name, 0);
    fs.names.setAttr(
        ROOT, dir, new AttrUpdate(mode, null, null, null, null, false, false, null, false));
    return dir;
  }

  private void flag(Ino ino, int flags) throws FsException {
    fs.names.setAttr(ROOT, ino, AttrUpdate.ofFlags(flags));
  }

  @Test
  void typesMustAgree() throws FsException {
    Ino dir = fs.mkdir(Ino.ROOT, "dir");
    fs.mkdir(Ino.ROOT, "empty");
    fs.mkfile(dir, "x");
    fs.mkfile(Ino.ROOT, "file");
    assertThat(refused(ROOT, Ino.ROOT, "file", Ino.ROOT, "dir")).isEqualTo(Errno.EISDIR);
    assertThat(refused(ROOT, Ino.ROOT, "dir", Ino.ROOT, "file")).isEqualTo(Errno.ENOTDIR);
    assertThat(refused(ROOT, Ino.ROOT, "empty", Ino.ROOT, "dir")).isEqualTo(Errno.ENOTEMPTY);
    assertThat(refused(ROOT, Ino.ROOT, "none", Ino.ROOT, "dir")).isEqualTo(Errno.ENOENT);
    assertThat(refused(ROOT, Ino.ROOT, "dir", Ino.ROOT, "empty")).isNull();
    assertThat(fs.find(Ino.ROOT, "empty")).isEqualTo(dir);
    assertThat(fs.attr(Ino.ROOT).nlink()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 6, 7, 8, 32, 33, 34})
  void flagsThatMeanNothingAreRefused(int flags) throws FsException {
    fs.mkfile(Ino.ROOT, "a");
    assertThat(refusal(() -> fs.rename(Ino.ROOT, "a", Ino.ROOT, "b", flags)))
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void aNameOntoItselfIsNothing() throws FsException {
    Ino file = fs.mkfile(Ino.ROOT, "a");
    fs.link(file, Ino.ROOT, "b");
    fs.rename(Ino.ROOT, "a", Ino.ROOT, "a");
    fs.rename(Ino.ROOT, "a", Ino.ROOT, "b");
    assertThat(fs.ls(Ino.ROOT)).containsExactly("a", "b");
    assertThat(refusal(() -> fs.rename(Ino.ROOT, "a", Ino.ROOT, "a", 1))).isEqualTo(Errno.EEXIST);
    assertThat(refusal(() -> fs.rename(Ino.ROOT, "a", Ino.ROOT, "c", 2))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void aDirectoryDoesNotGoBelowItself() throws FsException {
    Ino a = fs.mkdir(Ino.ROOT, "a");
    Ino b = fs.mkdir(a, "b");
    Ino c = fs.mkdir(b, "c");
    assertThat(refused(ROOT, Ino.ROOT, "a", c, "x")).isEqualTo(Errno.EINVAL);
    assertThat(refused(ROOT, Ino.ROOT, "a", a, "x")).isEqualTo(Errno.EINVAL);
    assertThat(refused(ROOT, b, "c", Ino.ROOT, "a")).isEqualTo(Errno.ENOTEMPTY);
    assertThat(refused(ROOT, b, "c", a, "x")).isNull();
    assertThat(fs.attr(c).parent()).isEqualTo(a);
  }

  @Test
  void stickyDirectoriesProtectOthersEntries() throws FsException {
    Ino sticky = open(USER, "sticky", 01777);
    Ino plain = open(ROOT, "plain", 0777);
    fs.mkfile(STRANGER, sticky, "theirs", 0666);
    fs.mkfile(USER, plain, "mine", 0666);
    fs.mkfile(ROOT, sticky, "roots", 0666);
    assertThat(refused(STRANGER, sticky, "roots", plain, "x")).isEqualTo(Errno.EACCES);
    assertThat(refused(STRANGER, plain, "mine", sticky, "roots")).isEqualTo(Errno.EACCES);
    assertThat(refused(USER, plain, "mine", sticky, "theirs")).isNull();
    assertThat(refused(USER, sticky, "roots", sticky, "own-directory")).isNull();
  }

  @Test
  void movingADirectoryElsewhereWritesIt() throws FsException {
    Ino from = open(USER, "from", 0777);
    Ino to = open(USER, "to", 0777);
    fs.mkdir(ROOT, from, "roots", 0755);
    assertThat(refused(USER, from, "roots", to, "roots")).isEqualTo(Errno.EACCES);
    assertThat(refused(USER, from, "roots", from, "renamed")).isNull();
  }

  @Test
  void parentsMustBeWritable() throws FsException {
    Ino closed = open(ROOT, "closed", 0755);
    Ino open = open(ROOT, "open", 0777);
    fs.mkfile(USER, open, "a", 0644);
    fs.mkfile(ROOT, closed, "b", 0644);
    assertThat(refused(USER, open, "a", closed, "a")).isEqualTo(Errno.EACCES);
    assertThat(refused(USER, closed, "b", open, "b")).isEqualTo(Errno.EACCES);
  }

  @Test
  void flagsProtect() throws FsException {
    Ino dir = fs.mkdir(Ino.ROOT, "d");
    Ino a = fs.mkfile(dir, "a");
    fs.mkfile(dir, "b");
    for (int flag : new int[] {Attr.FLAG_IMMUTABLE, Attr.FLAG_APPEND}) {
      flag(a, flag);
      assertThat(refused(ROOT, dir, "a", dir, "c")).isEqualTo(Errno.EPERM);
      assertThat(refused(ROOT, dir, "b", dir, "a")).isEqualTo(Errno.EPERM);
      flag(a, 0);
      flag(dir, flag);
      assertThat(refused(ROOT, dir, "a", Ino.ROOT, "a")).isEqualTo(Errno.EPERM);
      flag(dir, 0);
    }
  }

  @Test
  void timesMove() throws FsException {
    Ino from = fs.mkdir(Ino.ROOT, "from");
    Ino to = fs.mkdir(Ino.ROOT, "to");
    Ino file = fs.mkfile(from, "a");
    Timestamp made = fs.attr(file).mtime();
    clock.advance(Duration.ofMillis(500));
    Timestamp now = Timestamp.of(clock.instant());
    fs.rename(from, "a", to, "a");
    assertThat(fs.attr(file).ctime()).isEqualTo(now);
    assertThat(fs.attr(file).mtime()).isEqualTo(made);
    assertThat(fs.attr(from).mtime()).isEqualTo(now);
    assertThat(fs.attr(to).ctime()).isEqualTo(now);
  }

  @Test
  void trashIsNoPlaceForNames() throws FsException {
    fs.trashDays.set(1);
    fs.mkfile(Ino.ROOT, "a");
    Ino b = fs.mkfile(Ino.ROOT, "b");
    fs.unlink(Ino.ROOT, "b");
    Ino hour = fs.attr(b).parent();
    String trashed = Ino.ROOT + "-" + b + "-b";
    assertThat(refused(ROOT, Ino.ROOT, "a", hour, "a")).isEqualTo(Errno.EPERM);
    assertThat(refused(ROOT, Ino.ROOT, "a", Ino.ROOT, ".trash")).isEqualTo(Errno.EPERM);
    assertThat(refused(USER, hour, trashed, Ino.ROOT, "x")).isEqualTo(Errno.EPERM);
    assertThat(refused(ROOT, Ino.TRASH_ROOT, "2026-11-21-20", Ino.ROOT, "x"))
        .isEqualTo(Errno.EPERM);
    assertThat(refused(ROOT, hour, trashed, Ino.ROOT, "x")).isNull();
    fs.mkfile(Ino.ROOT, "b");
    fs.unlink(Ino.ROOT, "b");
    Ino again = new Ino(b.value() + 1);
    fs.mkfile(Ino.ROOT, "b");
    assertThat(refusal(() -> fs.names.restore(ROOT, hour, Name.of(Ino.ROOT + "-" + again + "-b"))))
        .isEqualTo(Errno.EEXIST);
  }

  @Test
  void aDirectoryInTheTrashTakesNoNames() throws FsException {
    fs.trashDays.set(1);
    Ino dir = fs.mkdir(Ino.ROOT, "d");
    fs.mkfile(Ino.ROOT, "a");
    fs.rmdir(Ino.ROOT, "d");
    assertThat(refused(ROOT, Ino.ROOT, "a", dir, "a")).isEqualTo(Errno.ENOENT);
    assertThat(refusal(() -> fs.mkfile(dir, "b"))).isEqualTo(Errno.ENOENT);
    assertThat(refusal(() -> fs.link(fs.require(Ino.ROOT, "a"), dir, "b"))).isEqualTo(Errno.ENOENT);
  }
}
