package io.jfs.chunk.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every object store does. */
@Timeout(120)
public abstract class ObjectStoreContract {
  private ObjectStore store;

  /** An empty store. */
  protected abstract ObjectStore open() throws IOException;

  /** Number of keys for the listing test. */
  protected int manyKeys() {
    return 3000;
  }

  @BeforeEach
  void start() throws IOException {
    store = open();
    store.create();
  }

  @AfterEach
  void end() {
    store.close();
  }

  @Test
  void whatIsPutCanBeRead() throws IOException {
    byte[] bytes = random(100_000);
    store.put("a/b", direct(bytes));
    assertThat(get("a/b", 0, bytes.length)).isEqualTo(bytes);
    assertThat(get("a/b", 0, bytes.length + 10)).isEqualTo(bytes);
  }

  @Test
  void putLeavesTheBufferAsItWasAndTakesItsWindow() throws IOException {
    ByteBuffer data = ByteBuffer.wrap("0123456789".getBytes(StandardCharsets.US_ASCII));
    data.position(2).limit(5);
    store.put("k", data);
    assertThat(data.position()).isEqualTo(2);
    assertThat(data.limit()).isEqualTo(5);
    assertThat(get("k", 0, 10)).asString().isEqualTo("234");
  }

  @Test
  void putReplaces() throws IOException {
    store.put("k", direct(random(1000)));
    byte[] second = random(500);
    store.put("k", direct(second));
    assertThat(get("k", 0, 2000)).isEqualTo(second);
  }

  @Test
  void emptyObjects() throws IOException {
    store.put("empty", ByteBuffer.allocate(0));
    assertThat(get("empty", 0, 10)).isEmpty();
    assertThat(store.head("empty").sizeBytes()).isZero();
  }

  @Test
  void ranges() throws IOException {
    byte[] bytes = random(10_000);
    store.put("r", direct(bytes));
    assertThat(get("r", 9_990, 100)).isEqualTo(java.util.Arrays.copyOfRange(bytes, 9_990, 10_000));
    assertThat(get("r", 1, 1)).isEqualTo(new byte[] {bytes[1]});
    assertThat(get("r", 4096, 4096)).isEqualTo(java.util.Arrays.copyOfRange(bytes, 4096, 8192));
    assertThat(get("r", 10_000, 10)).isEmpty();
    assertThat(get("r", 20_000, 10)).isEmpty();
  }

  @Test
  void missingObjects() throws IOException {
    assertThatThrownBy(() -> get("no/such", 0, 1)).isInstanceOf(NoSuchObjectException.class);
    assertThatThrownBy(() -> get("no/such", 5, 1)).isInstanceOf(NoSuchObjectException.class);
    assertThat(store.head("no/such")).isNull();
    store.delete("no/such");
  }

  @Test
  void deletedObjectsAreGone() throws IOException {
    store.put("d/x", direct(random(10)));
    store.delete("d/x");
    assertThat(store.head("d/x")).isNull();
    assertThatThrownBy(() -> get("d/x", 0, 1)).isInstanceOf(NoSuchObjectException.class);
    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void headTellsSizeAndTime() throws IOException {
    store.put("h", direct(random(1234)));
    ObjectInfo found = store.head("h");
    assertThat(found.key()).isEqualTo("h");
    assertThat(found.sizeBytes()).isEqualTo(1234);
    assertThat(found.modified())
        .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now().plusSeconds(300));
  }

  @Test
  void oddCharactersInKeys() throws IOException {
    List<String> keys =
        List.of(
            "sp ace/a b",
            "plus+minus-=&",
            "per%20cent",
            "quote'\"",
            "umlaut-äöü/ß",
            "#hash?query",
            "~tilde!*()",
            "comma,semi;colon:at@",
            "a%2Fb+c&amp;d",
            "emoji-\uD83D\uDE00-\u65E5\u672C",
            "ends with a dot.",
            "tab\tand\nline",
            "[brackets]{}|\\^`<>$");
    for (String key : keys) {
      store.put(key, direct(key.getBytes(StandardCharsets.UTF_8)));
    }
    for (String key : keys) {
      assertThat(get(key, 0, 100)).isEqualTo(key.getBytes(StandardCharsets.UTF_8));
      assertThat(store.head(key).sizeBytes())
          .isEqualTo(key.getBytes(StandardCharsets.UTF_8).length);
    }
    TreeSet<String> sorted = new TreeSet<>(KeyOrder.INSTANCE);
    sorted.addAll(keys);
    assertThat(keysOf(store.list("", "", 100))).containsExactlyElementsOf(sorted);
    for (String key : keys) {
      store.delete(key);
    }
    assertThat(store.list("", "", 100)).isEmpty();
  }

  @Test
  void listingIsInKeyOrderAcrossFolders() throws IOException {
    List<String> keys = List.of("a-b", "a/b", "a/b-c", "a/b/c", "a0", "ab", "b");
    for (String key : keys.subList(0, 1)) {
      store.put(key, direct(random(1)));
    }
    for (String key : List.of("a/b-c", "a/d/c", "a0", "ab", "b")) {
      store.put(key, direct(random(1)));
    }
    assertThat(keysOf(store.list("", "", 100)))
        .containsExactly("a-b", "a/b-c", "a/d/c", "a0", "ab", "b");
    assertThat(keysOf(store.list("a/", "", 100))).containsExactly("a/b-c", "a/d/c");
    assertThat(keysOf(store.list("a", "a/b-c", 2))).containsExactly("a/d/c", "a0");
    assertThat(keysOf(store.list("a/d", "a/c", 2))).containsExactly("a/d/c");
    assertThat(keysOf(store.list("a", "b", 2))).isEmpty();
    assertThat(keysOf(store.list("zz", "", 2))).isEmpty();
  }

  @Test
  void listingByPagesOverManyKeys() throws Exception {
    TreeSet<String> keys = new TreeSet<>(KeyOrder.INSTANCE);
    for (int i = 0; i < manyKeys(); i++) {
      keys.add("chunks/" + i % 7 + "/" + i % 100 + "/" + i + "_0_10");
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> puts = new ArrayList<>();
    for (String key : keys) {
      puts.add(
          threads.submit(
              () -> {
                store.put(key, direct(new byte[] {1}));
                return null;
              }));
    }
    for (Future<?> put : puts) {
      put.get();
    }
    threads.shutdown();
    store.put("other", direct(new byte[] {1}));
    List<String> found = new ArrayList<>();
    String after = "";
    for (; ; ) {
      List<ObjectInfo> page = store.list("chunks/", after, 1000);
      if (page.isEmpty()) {
        break;
      }
      assertThat(page.size()).isLessThanOrEqualTo(1000);
      found.addAll(keysOf(page));
      after = found.get(found.size() - 1);
    }
    assertThat(found).containsExactlyElementsOf(keys);
  }

  @Test
  void manyWritersOfOneKeyLeaveOneWhole() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> puts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] bytes = new byte[70_000];
      java.util.Arrays.fill(bytes, (byte) i);
      puts.add(
          threads.submit(
              () -> {
                store.put("same", direct(bytes));
                return null;
              }));
    }
    for (Future<?> put : puts) {
      put.get();
    }
    threads.shutdown();
    byte[] left = get("same", 0, 100_000);
    assertThat(left).hasSize(70_000).containsOnly(left[0]);
  }

  private byte[] get(String key, long off, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(length);
    int count = store.get(key, off, into);
    assertThat(into.position()).isEqualTo(count);
    byte[] bytes = new byte[count];
    into.flip().get(bytes);
    return bytes;
  }

  private static List<String> keysOf(List<ObjectInfo> found) {
    return found.stream().map(ObjectInfo::key).toList();
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
