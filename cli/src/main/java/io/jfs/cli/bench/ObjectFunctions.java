package io.jfs.cli.bench;

import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.text.Table;
import io.jfs.cli.watch.Screen;
import io.jfs.cli.watch.Screen.Style;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Whether an object store does what a volume needs, test by test. Vfs-cli spec 3.8. */
public final class ObjectFunctions {
  /** The result of a test that went well. */
  public static final String PASS = "pass";

  private static final String NOT_THERE = "not support";
  private static final int BIG_BYTES = 16 << 20;

  private final ObjectStore store;
  private final String prefix;
  private final Map<String, String> results = new LinkedHashMap<>();

  /** Tests a store with objects whose names begin with {@code prefix}. */
  public ObjectFunctions(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  @FunctionalInterface
  private interface Test {
    void run() throws IOException;
  }

  /** Runs every test; what came of each, in order: {@code pass}, or what went wrong. */
  public Map<String, String> run() {
    String key = prefix + "basic";
    byte[] content = "what was written".getBytes(StandardCharsets.UTF_8);
    test("create a bucket", store::create);
    test("put an object", () -> store.put(key, ByteBuffer.wrap(content)));
    test("get an object", () -> require(read(key, 0, content.length + 1).equals(wrap(content))));
    test("get non-exist", this::readMissing);
    test("get partial object", () -> require(read(key, 3, 5).equals(wrap(content).slice(3, 5))));
    test("head an object", () -> head(key, content.length));
    test("delete an object", () -> delete(key));
    test("delete non-exist", () -> store.delete(prefix + "never"));
    test("list objects", this::list);
    test("special key", this::specialKey);
    test("put a big object", this::putBig);
    test("put an empty object", this::putEmpty);
    for (String absent :
        List.of("multipart upload", "change owner/group", "change permission", "change mtime")) {
      results.put(absent, NOT_THERE);
    }
    return results;
  }

  /** The results as a table. */
  public static String table(Map<String, String> results, Screen screen) {
    Table table = Table.of("CATEGORY", "TEST", "RESULT");
    int number = 0;
    for (Map.Entry<String, String> result : results.entrySet()) {
      table.row(
          number++ < 9 ? "basic" : "sync", result.getKey(), styled(result.getValue(), screen));
    }
    return table.toString();
  }

  private static String styled(String result, Screen screen) {
    Style style =
        switch (result) {
          case PASS -> Style.GREEN;
          case NOT_THERE -> Style.YELLOW;
          default -> Style.RED;
        };
    return screen.styled(style, result);
  }

  private void test(String name, Test test) {
    try {
      test.run();
      results.put(name, PASS);
    } catch (IOException | RuntimeException e) {
      results.put(name, String.valueOf(e.getMessage()).lines().findFirst().orElse("failed"));
    }
  }

  private static void require(boolean holds) throws IOException {
    if (!holds) {
      throw new IOException("not what was stored");
    }
  }

  private static ByteBuffer wrap(byte[] content) {
    return ByteBuffer.wrap(content);
  }

  private ByteBuffer read(String key, long off, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    int count = store.get(key, off, into);
    return into.position(0).limit(count).slice();
  }

  private void readMissing() throws IOException {
    try {
      Object unused = store.get(prefix + "never", 0, ByteBuffer.allocate(1));
    } catch (NoSuchObjectException e) {
      return;
    }
    throw new IOException("there is an object that was never stored");
  }

  private void head(String key, long lengthBytes) throws IOException {
    ObjectInfo info = store.head(key);
    require(info != null && info.sizeBytes() == lengthBytes);
  }

  private void delete(String key) throws IOException {
    store.delete(key);
    require(store.head(key) == null);
  }

  private void list() throws IOException {
    for (int i = 0; i < 5; i++) {
      store.put(prefix + "list-" + i, ByteBuffer.allocate(i));
    }
    List<String> keys =
        store.list(prefix + "list-", prefix + "list-1", 2).stream().map(ObjectInfo::key).toList();
    for (int i = 0; i < 5; i++) {
      store.delete(prefix + "list-" + i);
    }
    require(keys.equals(List.of(prefix + "list-2", prefix + "list-3")));
  }

  private void specialKey() throws IOException {
    roundTrip(prefix + "a key #?%&+ \u6d4b\u8bd5", 10);
  }

  private void putBig() throws IOException {
    roundTrip(prefix + "big", BIG_BYTES);
  }

  private void putEmpty() throws IOException {
    roundTrip(prefix + "empty", 0);
  }

  private void roundTrip(String key, int lengthBytes) throws IOException {
    byte[] content = new byte[lengthBytes];
    new Random(lengthBytes).nextBytes(content);
    store.put(key, wrap(content));
    try {
      require(lengthBytes == 0 || read(key, 0, lengthBytes).equals(wrap(content)));
      head(key, lengthBytes);
    } finally {
      store.delete(key);
    }
  }
}
