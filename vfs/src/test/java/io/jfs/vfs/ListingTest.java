package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.ROOT;
import static io.jfs.vfs.TestVolume.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListingTest {
  private TestVolume volume;
  private TestVolume.Client client;
  private Ino dir;
  private long handle;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
    dir = client.vfs.mkdir(ROOT, Ino.ROOT, Name.of("dir"), 0755, 022).ino();
    handle = client.vfs.opendir(ROOT, dir, 0).handle();
  }

  @AfterEach
  void unmount() throws Exception {
    client.vfs.releasedir(ROOT, dir, handle);
    volume.close();
  }

  private Ino make(String name) throws Exception {
    return client.vfs.mknod(ROOT, dir, Name.of(name), 0100644, 022, 0).ino();
  }

  private void rename(String from, String to) throws Exception {
    client.vfs.rename(ROOT, dir, Name.of(from), dir, Name.of(to), 0);
  }

  private record Shown(Ino ino, @Nullable Attr attr, long cookie) {}

  /** Takes a bounded number of entries, as a kernel's buffer does. */
  private static final class Buffer implements DirSink {
    final Map<String, Shown> entries = new LinkedHashMap<>();
    final List<String> repeated = new ArrayList<>();
    private final int room;
    long last;

    Buffer(int room) {
      this.room = room;
    }

    @Override
    public boolean add(byte[] name, Ino ino, FileType type, long nextOffset, @Nullable Attr attr) {
      if (entries.size() == room) {
        return false;
      }
      String text = new String(name, StandardCharsets.UTF_8);
      if (entries.put(text, new Shown(ino, attr, nextOffset)) != null) {
        repeated.add(text);
      }
      last = nextOffset;
      return true;
    }
  }

  private Buffer read(long offset, int room, boolean plus) throws Exception {
    Buffer buffer = new Buffer(room);
    client.vfs.readdir(ROOT, dir, handle, offset, plus, buffer);
    assertThat(buffer.repeated).isEmpty();
    return buffer;
  }

  /** Reads from a cookie to the end, a few entries at a time. */
  private List<String> readAll(long from, int room, Action between) throws Exception {
    List<String> names = new ArrayList<>();
    long at = from;
    for (int calls = 0; calls < 100_000; calls++) {
      Buffer buffer = read(at, room, calls % 2 == 0);
      if (buffer.entries.isEmpty()) {
        return names;
      }
      names.addAll(buffer.entries.keySet());
      at = buffer.last;
      between.run();
    }
    throw new AssertionError("the listing does not end");
  }

  private interface Action {
    void run() throws Exception;
  }

  private static final Action NOTHING = () -> {};

  /** The kernel asks for attributes with the first names of any listing. */
  @Test
  void bringsAttributesOfFewNamesUnlessAskedOn() throws Exception {
    for (int i = 0; i < 500; i++) {
      make("f" + i);
    }
    Buffer first = read(0, 10_000, true);
    assertThat(first.entries).hasSizeLessThan(200);
    assertThat(first.entries.values()).filteredOn(shown -> shown.attr() == null).hasSize(2);
    Buffer rest = read(first.last, 10_000, false);
    assertThat(rest.entries).hasSize(502 - first.entries.size());
    assertThat(rest.entries.values()).allMatch(shown -> shown.attr() == null);
  }

  @Test
  void showsDotDotDotAndEveryNameOnce() throws Exception {
    for (int i = 0; i < 1500; i++) {
      make("f" + i);
    }
    List<String> names = readAll(0, 77, NOTHING);
    assertThat(names).startsWith(".", "..").doesNotHaveDuplicates().hasSize(1502);
    assertThat(read(0, 2, false).entries.get("..").ino).isEqualTo(Ino.ROOT);
  }

  @Test
  void goesOnFromACookieAndGoesBack() throws Exception {
    for (int i = 0; i < 6000; i++) {
      make(String.format("f%05d", i));
    }
    Map<Long, List<String>> behind = new LinkedHashMap<>();
    List<String> all = new ArrayList<>();
    long at = 0;
    for (Buffer buffer = read(0, 500, false);
        !buffer.entries.isEmpty();
        buffer = read(at, 500, false)) {
      all.addAll(buffer.entries.keySet());
      at = buffer.last;
      behind.put(at, List.copyOf(all));
    }
    for (Map.Entry<Long, List<String>> place : behind.entrySet()) {
      List<String> rest = readAll(place.getKey(), 900, NOTHING);
      List<String> whole = new ArrayList<>(place.getValue());
      whole.addAll(rest);
      assertThat(whole).isEqualTo(all);
    }
  }

  @Test
  void aListingWhoseNamesAreBeingRenamedEndsAndShowsEachUntouchedNameOnce() throws Exception {
    for (int i = 0; i < 2000; i++) {
      make("keep" + i);
      if (i < 100) {
        make("move" + i + "-0");
      }
    }
    int[] round = {0};
    List<String> names =
        readAll(
            0,
            100,
            () -> {
              for (int i = 0; i < 100; i++) {
                rename("move" + i + "-" + round[0], "move" + i + "-" + (round[0] + 1));
              }
              round[0]++;
            });
    assertThat(names)
        .filteredOn(name -> name.startsWith("keep"))
        .hasSize(2000)
        .doesNotHaveDuplicates();
  }

  @Test
  void doesNotShowWhatWasRemovedMeanwhile() throws Exception {
    for (int i = 0; i < 100; i++) {
      make("f" + i);
    }
    Buffer first = read(0, 10, true);
    for (int i = 0; i < 100; i++) {
      String name = "f" + i;
      if (!first.entries.containsKey(name) && i % 2 == 0) {
        client.vfs.unlink(ROOT, dir, Name.of(name));
      }
    }
    List<String> rest = readAll(first.last, 20, NOTHING);
    for (String name : rest) {
      assertThat(Integer.parseInt(name.substring(1)) % 2).isEqualTo(1);
    }
  }

  @Test
  void removingEverythingWhileListingWorks() throws Exception {
    for (int i = 0; i < 3000; i++) {
      make("f" + i);
    }
    long at = 0;
    int removed = 0;
    for (Buffer buffer = read(0, 64, true);
        !buffer.entries.isEmpty();
        buffer = read(at, 64, true)) {
      for (String name : buffer.entries.keySet()) {
        if (!name.startsWith(".")) {
          client.vfs.unlink(ROOT, dir, Name.of(name));
          removed++;
        }
      }
      at = buffer.last;
    }
    assertThat(removed).isEqualTo(3000);
    client.vfs.rmdir(ROOT, Ino.ROOT, Name.of("dir"));
  }

  @Test
  void givesAttributesOnlyWhileTheyAreTrue() throws Exception {
    Ino file = make("a");
    make("b");
    assertThat(read(2, 1, true).entries.get("a").attr).isNotNull();
    AttrChange chmod = new AttrChange(0600, null, null, null, null, null, false, false, false);
    client.vfs.setAttr(ROOT, file, -1, chmod);
    Buffer buffer = read(2, 9, true);
    assertThat(buffer.entries.get("a").attr).isNull();
    assertThat(buffer.entries.get("b").attr).isNotNull();
    assertThat(read(0, 9, true).entries.get("a").attr.mode()).isEqualTo(0600);
  }

  @Test
  void showsTheLengthOfWhatIsPending() throws Exception {
    Ino file = make("a");
    long writer = client.open(file, 2);
    client.write(file, writer, 0, new byte[123]);
    assertThat(read(0, 9, true).entries.get("a").attr.lengthBytes()).isEqualTo(123);
    client.closeFile(file, writer);
    assertThat(read(0, 9, true).entries.get("a").attr.lengthBytes()).isEqualTo(123);
  }

  @Test
  void aReplacedNameIsStillShown() throws Exception {
    make("a");
    make("b");
    make("tmp");
    Buffer first = read(0, 2, true);
    rename("tmp", "b");
    Buffer rest = read(first.last, 9, true);
    assertThat(rest.entries.keySet()).contains("a", "b").doesNotContain("tmp");
    assertThat(rest.entries.get("b").attr).isNull();
  }

  @Test
  void startsAnewAtTheBeginning() throws Exception {
    make("a");
    assertThat(readAll(0, 9, NOTHING)).containsExactly(".", "..", "a");
    make("b");
    assertThat(readAll(0, 9, NOTHING)).containsExactlyInAnyOrder(".", "..", "a", "b");
  }

  @Test
  void theRootShowsTheVirtualFiles() throws Exception {
    long root = client.vfs.opendir(ROOT, Ino.ROOT, 0).handle();
    Buffer buffer = new Buffer(100);
    client.vfs.readdir(ROOT, Ino.ROOT, root, 0, true, buffer);
    client.vfs.releasedir(ROOT, Ino.ROOT, root);
    assertThat(buffer.entries.keySet())
        .containsExactly(".accesslog", ".stats", ".config", ".trash", ".", "..", "dir");
    assertThat(refusal(() -> client.vfs.readdir(ROOT, Ino.ROOT, root, 0, true, buffer)))
        .isEqualTo(Errno.EBADF);
  }

  @Test
  void listsAHundredThousandNames() throws Exception {
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      make("file-number-" + i);
    }
    assertThat(readAll(0, 2000, NOTHING)).hasSize(count + 2).doesNotHaveDuplicates();
  }
}
