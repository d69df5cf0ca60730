package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.ROOT;
import static io.jfs.vfs.TestVolume.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.CallerRules.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** --root-squash, --all-squash, --umask. Vfs-cli spec 2.6. */
final class RuledVfsTest {
  private static final Request USER = Request.of(Caller.of(1000, 100));
  private static final Identity NOBODY = new Identity(65534, 65534);
  private static final Identity OTHER = new Identity(7, 8);

  private TestVolume volume;
  private TestVolume.Client client;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
    AttrChange open = new AttrChange(0777, null, null, null, null, null, false, false, false);
    assertThat(client.vfs.setAttr(ROOT, Ino.ROOT, -1, open).mode()).isEqualTo(0777);
  }

  @AfterEach
  void unmount() throws Exception {
    volume.close();
  }

  private Attr made(CallerRules rules, Request request, String name) throws Exception {
    VfsOps vfs = RuledVfs.of(client.logged, rules);
    Entry entry = vfs.mkdir(request, Ino.ROOT, Name.of(name), 0777, 022);
    return entry.attr();
  }

  private static String owner(Attr attr) {
    return attr.uid() + ":" + attr.gid();
  }

  @Test
  void rootBecomesAnother() throws Exception {
    CallerRules rules = new CallerRules(NOBODY, null, null);
    assertThat(owner(made(rules, ROOT, "a"))).isEqualTo("65534:65534");
    assertThat(owner(made(rules, USER, "b"))).isEqualTo("1000:100");
  }

  @Test
  void everybodyBecomesAnother() throws Exception {
    CallerRules rules = new CallerRules(NOBODY, OTHER, null);
    assertThat(owner(made(rules, ROOT, "a"))).isEqualTo("7:8");
    assertThat(owner(made(rules, USER, "b"))).isEqualTo("7:8");
  }

  @Test
  void umaskReplacesTheCallers() throws Exception {
    assertThat(made(new CallerRules(null, null, 077), USER, "a").mode()).isEqualTo(0700);
    assertThat(made(new CallerRules(null, null, 0), USER, "b").mode()).isEqualTo(0777);
    assertThat(made(CallerRules.NONE, USER, "c").mode()).isEqualTo(0755);
  }

  @Test
  void whoIsSquashedHasNoRights() throws Exception {
    VfsOps vfs = RuledVfs.of(client.logged, new CallerRules(NOBODY, null, null));
    Ino ino = client.vfs.mkdir(ROOT, Ino.ROOT, Name.of("own"), 0700, 0).ino();
    Name name = Name.of("x");
    assertThat(refusal(() -> vfs.mkdir(ROOT, ino, name, 0777, 0))).isEqualTo(Errno.EACCES);
    AttrChange chown = new AttrChange(null, 5, null, null, null, null, false, false, false);
    assertThat(refusal(() -> vfs.setAttr(ROOT, ino, -1, chown))).isEqualTo(Errno.EPERM);
  }

  @Test
  void rootReadsTheVirtualFilesOfHisMount() throws Exception {
    VfsOps vfs = RuledVfs.of(client.logged, new CallerRules(null, OTHER, null));
    for (String name : new String[] {".config", ".accesslog"}) {
      Entry file = vfs.lookup(ROOT, Ino.ROOT, Name.of(name));
      assertThat(file).isNotNull();
      Opened opened = vfs.open(ROOT, file.ino(), 0);
      vfs.release(ROOT, file.ino(), opened.handle(), 0);
      assertThat(refusal(() -> vfs.open(USER, file.ino(), 0))).isEqualTo(Errno.EACCES);
    }
  }

  @Test
  void identitiesAsTheyAreWritten() {
    assertThat(Identity.parse("7:8")).isEqualTo(OTHER);
    assertThat(Identity.parse("7")).isEqualTo(new Identity(7, 65534));
    assertThat(Identity.parse(":8")).isEqualTo(new Identity(65534, 8));
    assertThat(Identity.parse(":")).isEqualTo(NOBODY);
    for (String wrong : new String[] {"0:0", "7:0", "a", "1:2:3", "-1", "99999999999"}) {
      assertThatThrownBy(() -> Identity.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"" + wrong + "\"");
    }
  }
}
