package io.jfs.meta;

import static io.jfs.meta.TestClient.ROOT;
import static io.jfs.meta.TestClient.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.ops.Acl;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.txn.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What names and attributes owe to everybody above, on every engine: each engine's test extends it.
 * After each test the volume's records are checked, and that the effects told add up to them.
 */
@Timeout(300)
public abstract class MetaContract {
  private final List<TestClient> clients = new ArrayList<>();
  private final List<FaultyEngine> engines = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  protected final TestClock clock = new TestClock();
  protected TestClient one;
  protected TestClient two;
  private boolean effectsAreExact = true;

  /**
   * A client of the volume under test, which is empty at the first call of each test; further calls
   * are further clients of the same volume. The contract closes them.
   */
  protected abstract Engine open();

  /** How many rounds the races run. */
  protected int raceRounds() {
    return 300;
  }

  /** A further client whose calls to the engine fail at a rate of {@code faultRate}. */
  protected TestClient client(double faultRate) {
    int number = clients.size() + 1;
    FaultyEngine engine = new FaultyEngine(open(), number, faultRate);
    engines.add(engine);
    TestClient client = new TestClient(engine, number, clock);
    clients.add(client);
    return client;
  }

  private FaultyEngine engineOf(TestClient client) {
    return engines.get(clients.indexOf(client));
  }

  @BeforeEach
  void format() throws Exception {
    one = client(0);
    new VolumeAdmin(one.engine).create(VolumeAdmin.defaults("contract"));
    two = client(0);
  }

  @AfterEach
  void check() throws InterruptedException {
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    try {
      List<Effects> effects = clients.stream().flatMap(c -> c.effects.stream()).toList();
      assertThat(
              effectsAreExact
                  ? NamespaceCheck.complaints(one.engine, effects)
                  : NamespaceCheck.complaints(one.engine))
          .isEmpty();
    } finally {
      engines.forEach(Engine::close);
    }
  }

  // ---- the plain life of names ----

  @Test
  void aCreatedNameIsSeenByEverybody() throws FsException {
    Ino dir = one.mkdir(Ino.ROOT, "d");
    Ino file = one.mkfile(dir, "f");
    assertThat(two.find(Ino.ROOT, "d")).isEqualTo(dir);
    assertThat(two.find(dir, "f")).isEqualTo(file);
    assertThat(two.find(dir, "g")).isNull();
    assertThat(two.attr(dir).nlink()).isEqualTo(2);
    assertThat(two.attr(Ino.ROOT).nlink()).isEqualTo(3);
    assertThat(refusal(() -> two.mkfile(dir, "f"))).isEqualTo(Errno.EEXIST);
    assertThat(refusal(() -> two.mkfile(file, "f"))).isEqualTo(Errno.ENOTDIR);
  }

  @Test
  void aListingHasEveryNameOnceWithItsAttributes() throws FsException {
    Ino dir = one.mkdir(Ino.ROOT, "d");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      expected.add("file" + (10 + i));
      one.mkfile(dir, "file" + (10 + i));
    }
    List<DirEntry> listed = two.list(dir);
    assertThat(two.ls(dir)).isEqualTo(expected);
    assertThat(listed).allMatch(e -> e.attr() != null && e.attr().isRegular());
  }

  @Test
  void theLastOfTwoLinksTakesTheInodeAlong() throws FsException {
    Ino dir = one.mkdir(Ino.ROOT, "d");
    Ino file = one.mkfile(Ino.ROOT, "a");
    one.link(file, dir, "b");
    two.link(file, dir, "c");
    assertThat(two.attr(file).nlink()).isEqualTo(3);
    two.unlink(Ino.ROOT, "a");
    one.rename(dir, "c", Ino.ROOT, "c");
    one.unlink(Ino.ROOT, "c");
    assertThat(one.attr(file).nlink()).isEqualTo(1);
    two.unlink(dir, "b");
    assertThat(refusal(() -> one.attr(file))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void anOpenFileOutlivesItsLastName() throws FsException {
    Ino file = one.mkfile(Ino.ROOT, "a");
    one.open.add(file);
    one.unlink(Ino.ROOT, "a");
    assertThat(two.attr(file).nlink()).isZero();
    Ino over = one.mkfile(Ino.ROOT, "over");
    one.open.add(over);
    one.mkfile(Ino.ROOT, "b");
    one.rename(Ino.ROOT, "b", Ino.ROOT, "over");
    assertThat(two.attr(over).nlink()).isZero();
  }

  @Test
  void anUnnamedFileGetsANameByLink() throws FsException {
    Entry unnamed = one.names.createUnnamed(ROOT, Ino.ROOT, NewInode.file(0600, 0));
    assertThat(unnamed.attr().nlink()).isZero();
    assertThat(refusal(() -> two.link(unnamed.ino(), Ino.ROOT, "x"))).isEqualTo(Errno.ENOENT);
    Entry named = one.link(unnamed.ino(), Ino.ROOT, "x");
    assertThat(named.attr().nlink()).isEqualTo(1);
    assertThat(named.attr().parent()).isEqualTo(Ino.ROOT);
    assertThat(two.find(Ino.ROOT, "x")).isEqualTo(unnamed.ino());
  }

  @Test
  void renamesMoveReplaceAndExchange() throws FsException {
    Ino a = one.mkdir(Ino.ROOT, "a");
    Ino b = one.mkdir(Ino.ROOT, "b");
    Ino sub = one.mkdir(a, "sub");
    Ino file = one.mkfile(a, "file");
    one.mkfile(b, "file");
    two.rename(a, "sub", b, "sub");
    two.rename(a, "file", b, "file");
    assertThat(one.ls(a)).isEmpty();
    assertThat(one.find(b, "file")).isEqualTo(file);
    assertThat(one.attr(b).nlink()).isEqualTo(3);
    one.mkfile(a, "plain");
    one.rename(a, "plain", b, "sub", 2);
    assertThat(two.find(a, "plain")).isEqualTo(sub);
    assertThat(two.attr(sub).parent()).isEqualTo(a);
    assertThat(two.attr(a).nlink()).isEqualTo(3);
    assertThat(two.attr(b).nlink()).isEqualTo(2);
    assertThat(refusal(() -> one.rename(a, "plain", b, "file", 1))).isEqualTo(Errno.EEXIST);
  }

  @Test
  void aWhiteoutStandsWhereTheNameWas() throws FsException {
    Ino dir = one.mkdir(Ino.ROOT, "d");
    Ino file = one.mkfile(dir, "f");
    one.rename(dir, "f", Ino.ROOT, "g", 4);
    assertThat(two.find(Ino.ROOT, "g")).isEqualTo(file);
    Attr whiteout = two.attr(two.require(dir, "f"));
    assertThat(whiteout.type()).isEqualTo(FileType.CHAR_DEVICE);
    assertThat(whiteout.rdev()).isZero();
    assertThat(whiteout.mode()).isZero();
  }

  @Test
  void whatIsDeletedLiesInTheTrashAndComesBack() throws FsException {
    one.trashDays.set(1);
    Ino dir = one.mkdir(Ino.ROOT, "d");
    Ino file = one.mkfile(dir, "f-with-dash");
    Ino other = one.mkfile(dir, "over");
    one.unlink(dir, "f-with-dash");
    one.mkfile(dir, "new");
    one.rename(dir, "new", dir, "over");
    Ino hour = two.find(Ino.TRASH_ROOT, "2026-11-21-20");
    assertThat(hour).isEqualTo(new Ino(Ino.TRASH_ROOT.value() + 1));
    String name = dir + "-" + file + "-f-with-dash";
    assertThat(two.ls(hour)).contains(name, dir + "-" + other + "-over").hasSize(2);
    assertThat(two.attr(file).parent()).isEqualTo(hour);
    two.names.restore(ROOT, hour, Name.of(name));
    assertThat(one.find(dir, "f-with-dash")).isEqualTo(file);
    assertThat(one.attr(file).parent()).isEqualTo(dir);
    two.trashDays.set(1);
    assertThat(refusal(() -> two.mkfile(hour, "x"))).isEqualTo(Errno.EPERM);
    two.unlink(hour, dir + "-" + other + "-over");
    assertThat(refusal(() -> two.attr(other))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void attributesOfAllSortsGoWithTheInode() throws FsException {
    Ino link =
        one.names
            .create(ROOT, Ino.ROOT, Name.of("l"), NewInode.symlink("to/there".getBytes(UTF_8)))
            .ino();
    assertThat(two.names.readlink(link)).isEqualTo("to/there".getBytes(UTF_8));
    assertThat(two.attr(link).lengthBytes()).isEqualTo(8);
    Ino dir = one.mkdir(Ino.ROOT, "d");
    one.names.setXattr(ROOT, dir, Name.of("user.x"), new byte[] {1, 0, 2}, 0);
    one.names.setXattr(ROOT, dir, Name.of("user.y"), new byte[] {3}, 1);
    assertThat(two.names.getXattr(dir, Name.of("user.x"))).containsExactly(1, 0, 2);
    assertThat(two.names.listXattr(dir))
        .containsExactlyInAnyOrder(Name.of("user.x"), Name.of("user.y"));
    one.names.removeXattr(ROOT, dir, Name.of("user.y"));
    assertThat(refusal(() -> two.names.getXattr(dir, Name.of("user.y")))).isEqualTo(Errno.ENODATA);
    one.rmdir(Ino.ROOT, "d");
    one.unlink(Ino.ROOT, "l");
  }

  @Test
  void clientsShareAclRules() throws FsException {
    byte[] rule = AclValues.of(7, 5, 7, 5, 1001, 6);
    Ino dir = one.mkdir(Ino.ROOT, "d");
    one.names.setXattr(ROOT, dir, Acl.DEFAULT, rule, 0);
    Ino other = two.mkdir(Ino.ROOT, "e");
    two.names.setXattr(ROOT, other, Acl.DEFAULT, rule, 0);
    assertThat(one.attr(other).defaultAcl()).isEqualTo(one.attr(dir).defaultAcl());
    assertThat(two.names.getXattr(dir, Acl.DEFAULT)).isEqualTo(rule);
    Ino file = two.mkfile(ROOT, dir, "f", 0666);
    assertThat(one.attr(file).accessAcl()).isPositive();
    assertThat(one.attr(file).mode()).isEqualTo(0664);
  }

  @Test
  void aTreeIsRemovedWhole() throws FsException {
    Ino top = one.mkdir(Ino.ROOT, "top");
    for (int i = 0; i < 3; i++) {
      Ino dir = one.mkdir(top, "dir" + i);
      one.mkdir(dir, "empty");
      for (int j = 0; j < 30; j++) {
        one.mkfile(dir, "file" + j);
      }
    }
    RemoveTree remove = new RemoveTree(two.names, 8, true);
    assertThat(remove.remove(ROOT, Ino.ROOT, Name.of("top"))).isEqualTo(97);
    assertThat(one.ls(Ino.ROOT)).isEmpty();
  }

  // ---- lost answers ----

  /** One operation each, with the answer of its commit lost. */
  @Test
  void aLostAnswerIsNeitherDoneTwiceNorRefused() throws FsException {
    Ino dir = one.mkdir(Ino.ROOT, "d");
    lose();
    Ino file = one.mkfile(dir, "a");
    lose();
    Ino sub = one.mkdir(dir, "sub");
    lose();
    one.link(file, dir, "b");
    lose();
    one.rename(dir, "b", dir, "c");
    lose();
    one.rename(dir, "a", Ino.ROOT, "a", 4);
    lose();
    one.rename(dir, "c", Ino.ROOT, "a", 2); // one inode under both names: nothing to do
    lose();
    one.rename(dir, "c", dir, "sub", 2);
    assertThat(one.find(dir, "c")).isEqualTo(sub);
    assertThat(one.find(dir, "sub")).isEqualTo(file);
    lose();
    assertThat(one.names.unlink(ROOT, dir, Name.of("sub"))).isEqualTo(file);
    lose();
    one.rmdir(dir, "c");
    lose();
    one.unlink(Ino.ROOT, "a");
    assertThat(one.ls(dir)).containsExactly("a");
    lose();
    one.names.setXattr(ROOT, dir, Name.of("user.x"), new byte[] {1}, 1);
    lose();
    one.names.removeXattr(ROOT, dir, Name.of("user.x"));
    lose();
    one.names.createUnnamed(ROOT, dir, NewInode.file(0644, 0));
  }

  private void lose() {
    engineOf(one).loseAnswers(1);
  }

  /** Between the commit whose answer is lost and the second attempt, the name is taken again. */
  @Test
  void aSecondAttemptDoesNotTouchWhatCameMeanwhile() throws FsException {
    one.mkfile(Ino.ROOT, "a");
    lose();
    engineOf(one).afterNextLoss(() -> quietly(() -> two.mkfile(Ino.ROOT, "a")));
    one.unlink(Ino.ROOT, "a");
    assertThat(two.find(Ino.ROOT, "a")).isNotNull();
    lose();
    engineOf(one).afterNextLoss(() -> quietly(() -> two.mkdir(Ino.ROOT, "a")));
    one.rename(Ino.ROOT, "a", Ino.ROOT, "b");
    lose();
    engineOf(one).afterNextLoss(() -> quietly(() -> two.mkfile(Ino.ROOT, "a")));
    one.rmdir(Ino.ROOT, "a");
    assertThat(two.ls(Ino.ROOT)).containsExactly("a", "b");
  }

  // ---- races of two clients, step by step ----

  @Test
  void aDirectoryThatGotAnEntryIsNotRemoved() throws FsException {
    Ino dir = one.mkdir(Ino.ROOT, "d");
    engineOf(one).beforeNextCommit(() -> quietly(() -> two.mkfile(dir, "f")));
    assertThat(refusal(() -> one.rmdir(Ino.ROOT, "d"))).isEqualTo(Errno.ENOTEMPTY);
    assertThat(two.find(dir, "f")).isNotNull();
  }

  @Test
  void nothingIsMadeInADirectoryThatIsGone() throws FsException {
    Ino dir = one.mkdir(Ino.ROOT, "d");
    engineOf(one).beforeNextCommit(() -> quietly(() -> two.rmdir(Ino.ROOT, "d")));
    assertThat(refusal(() -> one.mkfile(dir, "f"))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void nothingIsMadeInADirectoryThatWentToTheTrash() throws FsException {
    two.trashDays.set(1);
    Ino dir = one.mkdir(Ino.ROOT, "d");
    engineOf(one).beforeNextCommit(() -> quietly(() -> two.rmdir(Ino.ROOT, "d")));
    assertThat(refusal(() -> one.mkfile(dir, "f"))).isEqualTo(Errno.ENOENT);
    Ino over = one.mkdir(Ino.ROOT, "over");
    two.mkdir(Ino.ROOT, "new");
    engineOf(one)
        .beforeNextCommit(() -> quietly(() -> two.rename(Ino.ROOT, "new", Ino.ROOT, "over")));
    assertThat(refusal(() -> one.mkfile(over, "f"))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void twoDirectoriesDoNotGoIntoEachOther() throws FsException {
    Ino a = one.mkdir(Ino.ROOT, "a");
    Ino b = one.mkdir(Ino.ROOT, "b");
    Ino deepA = one.mkdir(one.mkdir(a, "x"), "y");
    Ino deepB = one.mkdir(one.mkdir(b, "x"), "y");
    engineOf(one).beforeNextCommit(() -> quietly(() -> two.rename(Ino.ROOT, "b", deepA, "b")));
    assertThat(refusal(() -> one.rename(Ino.ROOT, "a", deepB, "a"))).isEqualTo(Errno.EINVAL);
    assertThat(one.attr(b).parent()).isEqualTo(deepA);
    assertThat(refusal(() -> one.rename(Ino.ROOT, "a", a, "a"))).isEqualTo(Errno.EINVAL);
    assertThat(refusal(() -> one.rename(Ino.ROOT, "a", deepA, "b", 2))).isEqualTo(Errno.EINVAL);
    assertThat(refusal(() -> one.rename(deepA, "b", Ino.ROOT, "a", 2))).isEqualTo(Errno.EINVAL);
  }

  // ---- races of two clients, at full speed ----

  @Test
  void rmdirAgainstCreate() throws Exception {
    race(
        round -> one.mkdir(Ino.ROOT, "d" + round),
        (dir, round) -> one.rmdir(Ino.ROOT, "d" + round),
        (dir, round) -> two.mkfile(dir, "x"),
        MetaContract::exactlyOne);
  }

  @Test
  void rmdirToTheTrashAgainstCreate() throws Exception {
    one.trashDays.set(1);
    race(
        round -> one.mkdir(Ino.ROOT, "d" + round),
        (dir, round) -> one.rmdir(Ino.ROOT, "d" + round),
        (dir, round) -> two.mkfile(dir, "x"),
        MetaContract::exactlyOne);
  }

  @Test
  void replacingADirectoryAgainstCreate() throws Exception {
    race(
        round -> {
          one.mkdir(Ino.ROOT, "new" + round);
          return one.mkdir(Ino.ROOT, "d" + round);
        },
        (dir, round) -> one.rename(Ino.ROOT, "new" + round, Ino.ROOT, "d" + round),
        (dir, round) -> two.mkfile(dir, "x"),
        MetaContract::exactlyOne);
  }

  @Test
  void unlinkAgainstLink() throws Exception {
    race(
        round -> one.mkfile(Ino.ROOT, "f" + round),
        (file, round) -> one.unlink(Ino.ROOT, "f" + round),
        (file, round) -> two.link(file, Ino.ROOT, "g" + round),
        (first, second) -> {
          assertThat(first).isNull();
          assertThat(second).isIn(null, Errno.ENOENT);
        });
  }

  /** Within one client: an open that succeeds keeps the inode, whoever removes its last name. */
  @Test
  void unlinkAgainstOpen() throws Exception {
    race(
        round -> one.mkfile(Ino.ROOT, "f" + round),
        (file, round) -> one.unlink(Ino.ROOT, "f" + round),
        (file, round) -> {
          one.open.add(file);
          one.names.awaitRemoval(file);
          one.attr(file);
          Thread.onSpinWait();
          assertThat(refusal(() -> one.attr(file))).as("opened, then gone").isNull();
        },
        (first, second) -> {
          assertThat(first).isNull();
          assertThat(second).isIn(null, Errno.ENOENT);
        });
  }

  @Test
  void createAgainstCreate() throws Exception {
    race(
        round -> Ino.ROOT,
        (dir, round) -> one.mkfile(dir, "f" + round),
        (dir, round) -> two.mkdir(dir, "f" + round),
        MetaContract::exactlyOne);
  }

  @Test
  void unlinkAgainstUnlink() throws Exception {
    race(
        round -> one.mkfile(Ino.ROOT, "f" + round),
        (file, round) -> one.unlink(Ino.ROOT, "f" + round),
        (file, round) -> two.unlink(Ino.ROOT, "f" + round),
        MetaContract::exactlyOne);
  }

  @Test
  void renameAgainstRename() throws Exception {
    race(
        round -> {
          Ino top = one.mkdir(Ino.ROOT, "top" + round);
          one.mkdir(one.mkdir(top, "a"), "sub");
          one.mkdir(one.mkdir(top, "b"), "sub");
          return top;
        },
        (top, round) -> one.rename(top, "a", sub(one, top, "b"), "a"),
        (top, round) -> two.rename(top, "b", sub(two, top, "a"), "b"),
        (first, second) -> assertThat(first == null && second == null).isFalse());
  }

  private static Ino sub(TestClient client, Ino top, String name) throws FsException {
    return client.require(client.require(top, name), "sub");
  }

  @Test
  void theFirstDeletionOfAnHourInTwoClients() throws Exception {
    one.trashDays.set(1);
    two.trashDays.set(1);
    race(
        round -> {
          clock.advance(java.time.Duration.ofHours(1));
          one.mkfile(Ino.ROOT, "a" + round);
          return one.mkfile(Ino.ROOT, "b" + round);
        },
        (file, round) -> one.unlink(Ino.ROOT, "a" + round),
        (file, round) -> two.unlink(Ino.ROOT, "b" + round),
        (first, second) -> {
          assertThat(first).isNull();
          assertThat(second).isNull();
        });
    assertThat(one.ls(Ino.TRASH_ROOT)).hasSize(raceRounds());
  }

  private static void exactlyOne(Errno first, Errno second) {
    assertThat(first == null).as("%s %s", first, second).isNotEqualTo(second == null);
  }

  private interface Setup {
    Ino make(int round) throws FsException;
  }

  private interface Racer {
    void run(Ino ino, int round) throws FsException;
  }

  private interface Verdict {
    void judge(Errno first, Errno second);
  }

  private void race(Setup setup, Racer first, Racer second, Verdict verdict) throws Exception {
    for (int i = 0; i < raceRounds(); i++) {
      int round = i;
      Ino ino = setup.make(round);
      CyclicBarrier start = new CyclicBarrier(2);
      Future<Errno> other =
          threads.submit(
              () -> {
                start.await();
                return refusal(() -> second.run(ino, round));
              });
      start.await();
      Errno mine = refusal(() -> first.run(ino, round));
      verdict.judge(mine, other.get(30, TimeUnit.SECONDS));
    }
  }

  // ---- many clients on few names ----

  @Test
  void manyClientsOnFewNames() throws Exception {
    one.trashDays.set(1);
    storm(List.of(one, two), 4, raceRounds());
  }

  /**
   * A client that does not know whether it or somebody else removed a name may tell an effect that
   * was another's; records are right all the same.
   */
  @Test
  void manyClientsOnABadLine() throws Exception {
    effectsAreExact = false;
    storm(List.of(client(0.05), client(0.05)), 2, raceRounds() / 2);
  }

  private void storm(List<TestClient> stormers, int threadsEach, int steps) throws Exception {
    List<Callable<Void>> work = new ArrayList<>();
    for (TestClient client : stormers) {
      for (int t = 0; t < threadsEach; t++) {
        long seed = work.size() + 1;
        work.add(
            () -> {
              RandomNames random = new RandomNames(client, new Random(seed));
              for (int i = 0; i < steps; i++) {
                random.step();
              }
              return null;
            });
      }
    }
    for (Future<Void> done : threads.invokeAll(work)) {
      done.get();
    }
  }

  private static void quietly(TestClient.Refusable operation) {
    assertThat(refusal(operation)).isNull();
  }
}
