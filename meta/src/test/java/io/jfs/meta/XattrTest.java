package io.jfs.meta;

import static io.jfs.meta.TestClient.ROOT;
import static io.jfs.meta.TestClient.STRANGER;
import static io.jfs.meta.TestClient.USER;
import static io.jfs.meta.TestClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.Acl;
import io.jfs.meta.ops.AclXattr;
import io.jfs.meta.ops.Policy;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class XattrTest extends NamespaceFixture {
  private static final Name X = Name.of("user.x");
  private static final byte[] ONE = {1};

  private Errno set(Caller caller, Ino ino, Name name, byte[] value, int flags) {
    return refusal(() -> fs.names.setXattr(caller, ino, name, value, flags));
  }

  @Test
  void flagsOfSetxattr() throws FsException {
    Ino file = fs.mkfile(Ino.ROOT, "f");
    assertThat(set(ROOT, file, X, ONE, 2)).isEqualTo(Errno.ENODATA);
    assertThat(set(ROOT, file, X, ONE, 1)).isNull();
    assertThat(set(ROOT, file, X, ONE, 1)).isEqualTo(Errno.EEXIST);
    assertThat(set(ROOT, file, X, new byte[] {2}, 2)).isNull();
    assertThat(set(ROOT, file, X, ONE, 3)).isEqualTo(Errno.EINVAL);
    assertThat(set(ROOT, file, X, new byte[65537], 0)).isEqualTo(Errno.ERANGE);
    assertThat(set(ROOT, new Ino(77), X, ONE, 0)).isEqualTo(Errno.ENOENT);
    assertThat(fs.names.getXattr(file, X)).containsExactly(2);
    fs.names.removeXattr(ROOT, file, X);
    assertThat(refusal(() -> fs.names.removeXattr(ROOT, file, X))).isEqualTo(Errno.ENODATA);
  }

  @Test
  void changesMoveCtimeOnly() throws FsException {
    Ino file = fs.mkfile(Ino.ROOT, "f");
    Timestamp made = fs.attr(file).mtime();
    clock.advance(Duration.ofSeconds(1));
    fs.names.setXattr(ROOT, file, X, ONE, 0);
    Timestamp set = fs.attr(file).ctime();
    assertThat(set).isEqualTo(Timestamp.of(clock.instant()));
    clock.advance(Duration.ofSeconds(1));
    fs.names.removeXattr(ROOT, file, X);
    assertThat(fs.attr(file).ctime()).isEqualTo(Timestamp.of(clock.instant()));
    assertThat(fs.attr(file).mtime()).isEqualTo(made);
  }

  @Test
  void protectedInodesKeepTheirs() throws FsException {
    Ino file = fs.mkfile(Ino.ROOT, "f");
    fs.names.setXattr(ROOT, file, X, ONE, 0);
    for (int flag : new int[] {Attr.FLAG_IMMUTABLE, Attr.FLAG_APPEND}) {
      fs.names.setAttr(ROOT, file, AttrUpdate.ofFlags(flag));
      assertThat(set(ROOT, file, X, ONE, 0)).isEqualTo(Errno.EPERM);
      assertThat(set(ROOT, file, Acl.ACCESS, AclValues.minimal(7, 7, 7), 0)).isEqualTo(Errno.EPERM);
      assertThat(refusal(() -> fs.names.removeXattr(ROOT, file, X))).isEqualTo(Errno.EPERM);
    }
  }

  @Test
  void userAttributesAreTheWriters() throws FsException {
    Ino file = fs.mkfile(USER, Ino.ROOT, "f", 0644);
    assertThat(set(STRANGER, file, X, ONE, 0)).isEqualTo(Errno.EACCES);
    assertThat(set(USER, file, X, ONE, 0)).isNull();
    assertThat(set(ROOT, file, Name.of("security.y"), ONE, 0)).isNull();
    fs.rename(Ino.ROOT, "f", Ino.ROOT, "g", 4);
    assertThat(set(ROOT, fs.require(Ino.ROOT, "f"), X, ONE, 0)).isEqualTo(Errno.EPERM);
  }

  @Test
  void aclsShowInTheMode() throws FsException {
    Ino file = fs.mkfile(USER, Ino.ROOT, "f", 0600);
    assertThat(refusal(() -> fs.names.getXattr(file, Acl.ACCESS))).isEqualTo(Errno.ENODATA);
    byte[] rule = AclValues.of(6, 0, 4, 0, 3000, 7);
    assertThat(set(STRANGER, file, Acl.ACCESS, rule, 0)).isEqualTo(Errno.EPERM);
    assertThat(set(USER, file, Acl.ACCESS, rule, 0)).isNull();
    assertThat(fs.attr(file).mode()).isEqualTo(0640);
    assertThat(fs.names.getXattr(file, Acl.ACCESS)).isEqualTo(rule);
    assertThat(fs.names.listXattr(file)).containsExactly(Acl.ACCESS);
    assertThat(refusal(() -> fs.names.access(STRANGER, file, 4))).isNull();
    assertThat(refusal(() -> fs.names.access(STRANGER, file, 2))).isEqualTo(Errno.EACCES);
    assertThat(set(USER, file, Acl.ACCESS, AclValues.minimal(7, 5, 1), 0)).isNull();
    assertThat(fs.attr(file).mode()).isEqualTo(0751);
    assertThat(fs.attr(file).accessAcl()).isZero();
    assertThat(set(USER, file, Acl.DEFAULT, rule, 0)).isEqualTo(Errno.EACCES);
  }

  @Test
  void aRemovedAclIsGone() throws FsException {
    Ino dir = fs.mkdir(Ino.ROOT, "d");
    fs.names.setXattr(ROOT, dir, Acl.DEFAULT, AclValues.minimal(7, 5, 5), 0);
    assertThat(fs.names.getXattr(dir, Acl.DEFAULT)).isEqualTo(AclValues.minimal(7, 5, 5));
    fs.names.removeXattr(ROOT, dir, Acl.DEFAULT);
    assertThat(fs.attr(dir).defaultAcl()).isZero();
    fs.policy = new Policy(true, false, true, 0, false);
    assertThat(set(ROOT, dir, Acl.DEFAULT, AclValues.minimal(7, 5, 5), 0))
        .isEqualTo(Errno.EOPNOTSUPP);
  }

  @Test
  void oneRuleHasOneId() throws FsException {
    Ino a = fs.mkfile(Ino.ROOT, "a");
    Ino b = fs.mkfile(Ino.ROOT, "b");
    byte[] rule = AclValues.of(7, 5, 7, 5, 1001, 7);
    fs.names.setXattr(ROOT, a, Acl.ACCESS, rule, 0);
    fs.names.setXattr(ROOT, b, Acl.ACCESS, rule, 0);
    assertThat(fs.attr(a).accessAcl()).isEqualTo(1).isEqualTo(fs.attr(b).accessAcl());
  }

  @Test
  void theXattrFormatIsTheKernels() throws FsException {
    byte[] value =
        HexFormat.of()
            .parseHex(
                "02000000"
                    + "01000700ffffffff"
                    + "02000700e9030000"
                    + "04000500ffffffff"
                    + "08000500d2070000"
                    + "10000700ffffffff"
                    + "20000500ffffffff");
    AclRule rule = AclXattr.parse(value);
    assertThat(rule)
        .isEqualTo(
            new AclRule(
                7,
                5,
                7,
                5,
                List.of(new AclRule.Named(1001, 7)),
                List.of(new AclRule.Named(2002, 5))));
    assertThat(AclXattr.format(rule)).isEqualTo(value);
  }

  @Test
  void whatIsNoAclIsRefused() throws FsException {
    byte[] rule = AclValues.of(7, 5, 7, 5, 1001, 7);
    byte[] noMask = AclValues.of(7, 5, 7, 5, 1001, 7);
    noMask[4 + 3 * 8] = 0x20; // two "other", no mask
    byte[] version = rule.clone();
    version[0] = 1;
    byte[] perm = rule.clone();
    perm[6] = 8;
    assertThat(refusal(() -> AclXattr.parse(noMask))).isEqualTo(Errno.EINVAL);
    assertThat(refusal(() -> AclXattr.parse(version))).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(refusal(() -> AclXattr.parse(perm))).isEqualTo(Errno.EINVAL);
    assertThat(refusal(() -> AclXattr.parse(new byte[5]))).isEqualTo(Errno.EINVAL);
    assertThat(AclXattr.parse(new byte[] {2, 0, 0, 0}).isEmpty()).isTrue();
  }
}
