package io.jfs.chunk.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.FileObjectStore.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends ObjectStoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore open() {
    return new FileObjectStore(folder.resolve("vol"), Durability.FSYNC);
  }

  @Test
  void objectsAreFilesUnderTheFolderAndNoTemporaryOneStays() throws IOException {
    try (ObjectStore store = open()) {
      assertThat(store.describe()).isEqualTo("file://" + folder.resolve("vol") + "/");
      store.put("vol/chunks/0/0/1_0_5", ByteBuffer.wrap(new byte[5]));
      try (Stream<Path> files = Files.walk(folder)) {
        assertThat(files.filter(Files::isRegularFile))
            .containsExactly(folder.resolve("vol/vol/chunks/0/0/1_0_5"));
      }
    }
  }

  @Test
  void foldersCanBeMadeAndRemoved() throws IOException {
    try (ObjectStore store = open()) {
      store.put("testing/", ByteBuffer.allocate(0));
      assertThat(folder.resolve("vol/testing")).isDirectory();
      ByteBuffer into = ByteBuffer.allocate(3);
      assertThat(store.get("testing/", 0, into)).isZero();
      store.delete("testing/");
      assertThat(folder.resolve("vol/testing")).doesNotExist();
    }
  }

  @Test
  void keysStayInsideTheFolder() throws IOException {
    try (ObjectStore store = open()) {
      assertThatThrownBy(() -> store.put("../out", ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.put("a/../../out", ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.put("/etc/jfs-test", ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
      assertThat(folder.resolve("out")).doesNotExist();
    }
  }

  @Test
  void longNamesGetShortTemporaryOnes() throws IOException {
    try (ObjectStore store = open()) {
      String key = "ä".repeat(120);
      store.put(key, ByteBuffer.allocate(1));
      assertThat(store.head(key)).isNotNull();
    }
  }

  @Test
  void aFullDiskIsToldApartAndLeavesNothing() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("small"));
    int mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString());
    Assumptions.assumeTrue(mounted == 0, "needs the right to mount");
    try (ObjectStore store = new FileObjectStore(mount, Durability.FSYNC)) {
      assertThatThrownBy(() -> store.put("a/big", ByteBuffer.allocateDirect(2 << 20)))
          .isInstanceOf(NoSpaceException.class);
      assertThat(store.list("", "", 10)).isEmpty();
      store.put("a/small", ByteBuffer.allocateDirect(512 << 10));
      assertThat(store.head("a/small").sizeBytes()).isEqualTo(512 << 10);
    } finally {
      run("umount", mount.toString());
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
