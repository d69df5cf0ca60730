package io.jfs.meta;

import static io.jfs.meta.TestClient.ROOT;
import static io.jfs.meta.TestClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Random operations by three callers on few names: the namespace answers as the model does. */
class NamespaceModelTest {
  private static final List<Caller> CALLERS =
      List.of(ROOT, ROOT, TestClient.USER, TestClient.STRANGER);
  private static final List<Integer> MODES =
      List.of(0755, 0755, 0777, 0777, 01777, 02777, 0700, 04755, 06755, 0070);
  private static final List<Integer> IDS = List.of(0, 1000, 2000, 3000);
  private static final List<Integer> FLAGS = List.of(0, 0, Attr.FLAG_IMMUTABLE, Attr.FLAG_APPEND);

  /** What a step does. */
  enum Kind {
    FILE,
    FILE_AGAIN,
    FIFO,
    DIRECTORY,
    DIRECTORY_AGAIN,
    LINK,
    UNLINK,
    RMDIR,
    RENAME,
    RENAME_AGAIN,
    NO_REPLACE,
    EXCHANGE,
    CHMOD,
    CHOWN,
    CHATTR,
    XATTR
  }

  /** Two places, a caller and a number that some kinds use. */
  record Step(Kind kind, int caller, List<String> first, List<String> second, int number) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<List<String>> path =
        Arbitraries.frequencyOf(
            Tuple.of(3, names(1)), Tuple.of(3, names(2)), Tuple.of(1, names(3)));
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(0, CALLERS.size() - 1),
            path,
            path,
            Arbitraries.integers().between(0, 9))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(300)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  private static Arbitrary<List<String>> names(int depth) {
    return Arbitraries.of("a", "b", "c").list().ofSize(depth);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
  void answersAndTreesAgree(@ForAll("steps") List<Step> steps) throws Exception {
    TestClient fs = new TestClient(KvEngine.inMemory(), 1, new TestClock());
    new VolumeAdmin(fs.engine).create(VolumeAdmin.defaults("model"));
    ModelTree model = new ModelTree();
    for (Step step : steps) {
      assertThat(new Both(fs, model).run(step)).as("%s", step).isEqualTo("agreed");
    }
    TreeMap<String, String> expected = new TreeMap<>();
    ModelTree.show(model.root, "", expected, new HashMap<>());
    TreeMap<String, String> shown = new TreeMap<>();
    show(fs, Ino.ROOT, "", shown, new HashMap<>());
    assertThat(shown).isEqualTo(expected);
    assertThat(NamespaceCheck.complaints(fs.engine, fs.effects)).isEmpty();
  }

  /** One step on both sides. */
  private record Both(TestClient fs, ModelTree model) {
    String run(Step step) throws FsException {
      Ino first = directory(step.first());
      Ino second = directory(step.second());
      ModelTree.Node firstNode = node(parent(step.first()));
      ModelTree.Node secondNode = node(parent(step.second()));
      if ((first == null) != (firstNode == null) || (second == null) != (secondNode == null)) {
        return "paths differ";
      }
      if (first == null || second == null || firstNode == null || secondNode == null) {
        return "agreed";
      }
      Sides sides =
          new Sides(first, firstNode, last(step.first()), second, secondNode, last(step.second()));
      return run(step, CALLERS.get(step.caller()), sides);
    }

    private record Sides(
        Ino first,
        ModelTree.Node firstNode,
        String name,
        Ino second,
        ModelTree.Node secondNode,
        String newName) {}

    private String run(Step step, Caller caller, Sides s) throws FsException {
      int mode = MODES.get(step.number());
      return switch (step.kind()) {
        case FILE, FILE_AGAIN -> create(caller, s, FileType.REGULAR, mode);
        case FIFO -> create(caller, s, FileType.FIFO, mode);
        case DIRECTORY, DIRECTORY_AGAIN -> create(caller, s, FileType.DIRECTORY, mode);
        case LINK -> link(caller, s);
        case UNLINK ->
            same(
                () -> fs.names.unlink(caller, s.first, Name.of(s.name)),
                model.unlink(caller, s.firstNode, s.name));
        case RMDIR ->
            same(
                () -> fs.names.rmdir(caller, s.first, Name.of(s.name)),
                model.rmdir(caller, s.firstNode, s.name));
        case RENAME, RENAME_AGAIN -> rename(caller, s, 0);
        case NO_REPLACE -> rename(caller, s, 1);
        case EXCHANGE -> rename(caller, s, 2);
        default -> attribute(step, caller, s);
      };
    }

    private String create(Caller caller, Sides s, FileType type, int mode) {
      int asked = type == FileType.DIRECTORY ? mode : mode & 01777;
      NewInode inode = new NewInode(type, asked, 0, 0, null);
      return same(
          () -> fs.names.create(caller, s.first, Name.of(s.name), inode),
          model.create(caller, s.firstNode, s.name, type, asked));
    }

    private String link(Caller caller, Sides s) throws FsException {
      Ino ino = target(s);
      ModelTree.Node node = s.firstNode.children.get(s.name);
      if (ino == null || node == null) {
        return ino == null && node == null ? "agreed" : "names differ";
      }
      return same(
          () -> fs.names.link(caller, ino, s.second, Name.of(s.newName)),
          model.link(caller, node, s.secondNode, s.newName));
    }

    private String rename(Caller caller, Sides s, int flags) {
      return same(
          () ->
              fs.names.rename(
                  caller, s.first, Name.of(s.name), s.second, Name.of(s.newName), flags),
          model.rename(caller, s.firstNode, s.name, s.secondNode, s.newName, flags));
    }

    private String attribute(Step step, Caller caller, Sides s) throws FsException {
      Ino ino = target(s);
      ModelTree.Node node = s.firstNode.children.get(s.name);
      if (ino == null || node == null) {
        return ino == null && node == null ? "agreed" : "names differ";
      }
      int number = step.number();
      return switch (step.kind()) {
        case CHMOD ->
            same(
                () -> fs.names.setAttr(caller, ino, mode(MODES.get(number))),
                model.chmod(caller, node, MODES.get(number)));
        case CHOWN ->
            same(
                () -> fs.names.setAttr(caller, ino, owner(id(number), id(number / 2))),
                model.chown(caller, node, id(number), id(number / 2)));
        case CHATTR ->
            same(
                () -> fs.names.setAttr(caller, ino, AttrUpdate.ofFlags(flags(number))),
                model.chattr(caller, node, flags(number)));
        default ->
            same(
                () ->
                    fs.names.setXattr(
                        caller, ino, Name.of("user." + s.newName), new byte[] {(byte) number}, 0),
                model.setXattr(caller, node, "user." + s.newName, number));
      };
    }

    private static int id(int number) {
      return IDS.get(number % IDS.size());
    }

    private static int flags(int number) {
      return FLAGS.get(number % FLAGS.size());
    }

    private static AttrUpdate mode(int mode) {
      return new AttrUpdate(mode, null, null, null, null, false, false, null, false);
    }

    private static AttrUpdate owner(int uid, int gid) {
      return new AttrUpdate(null, uid, gid, null, null, false, false, null, false);
    }

    private static String same(TestClient.Refusable operation, @Nullable Errno expected) {
      Errno refused = refusal(operation);
      Statistics.collect(refused == null ? "done" : refused);
      return refused == expected ? "agreed" : "answered " + refused + ", not " + expected;
    }

    private @Nullable Ino target(Sides s) throws FsException {
      return fs.attr(s.first).isDirectory() ? fs.find(s.first, s.name) : null;
    }

    private static List<String> parent(List<String> path) {
      return path.subList(0, path.size() - 1);
    }

    private static String last(List<String> path) {
      return path.get(path.size() - 1);
    }

    private @Nullable Ino directory(List<String> path) throws FsException {
      Ino ino = Ino.ROOT;
      for (String name : parent(path)) {
        Entry entry = fs.attr(ino).isDirectory() ? fs.names.lookup(ROOT, ino, Name.of(name)) : null;
        if (entry == null) {
          return null;
        }
        ino = entry.ino();
      }
      return ino;
    }

    private ModelTree.@Nullable Node node(List<String> path) {
      ModelTree.Node node = model.root;
      for (String name : path) {
        node = node == null ? null : node.children.get(name);
      }
      return node;
    }
  }

  private static void show(
      TestClient fs, Ino ino, String path, Map<String, String> out, Map<Ino, String> seen)
      throws FsException {
    Attr attr = fs.attr(ino);
    TreeMap<String, Integer> xattrs = new TreeMap<>();
    for (Name name : fs.names.listXattr(ino)) {
      xattrs.put(name.toString(), (int) fs.names.getXattr(ino, name)[0]);
    }
    String first = seen.putIfAbsent(ino, path);
    out.put(
        path,
        String.format(
            Locale.ROOT,
            "%s %o %d %d flags %d links %d %s %s",
            attr.type(),
            attr.mode(),
            attr.uid(),
            attr.gid(),
            attr.flags(),
            attr.nlink(),
            xattrs,
            first == null ? "" : "= " + first));
    if (attr.isDirectory()) {
      for (DirEntry entry : fs.list(ino)) {
        show(fs, entry.dentry().ino(), path + "/" + entry.name(), out, seen);
      }
    }
  }
}
