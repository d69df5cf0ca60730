package io.jfs.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What logrotate(8) does to a log while it is written. */
final class LogFileTest {
  @TempDir Path folder;
  private Path path;
  private LogFile log;
  private long nowNanos;

  @BeforeEach
  void begin() throws IOException {
    path = folder.resolve("jfs.log");
    log = new LogFile(path, () -> nowNanos);
  }

  @AfterEach
  void end() throws IOException {
    log.close();
  }

  private void line(String text) throws IOException {
    log.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void secondLater() {
    nowNanos += TimeUnit.SECONDS.toNanos(1);
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    line("one");
    try (LogFile again = new LogFile(path, () -> nowNanos)) {
      again.write("two\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(path).hasContent("one\ntwo\n");
  }

  @Test
  void beginsAnewWhenMovedAway() throws IOException {
    line("one");
    Path moved = Files.move(path, folder.resolve("jfs.log.1"));
    line("still one");
    secondLater();
    line("two");
    assertThat(moved).hasContent("one\nstill one\n");
    assertThat(path).hasContent("two\n");
  }

  @Test
  void goesToTheNewFileOfRotation() throws IOException {
    line("one");
    Files.move(path, folder.resolve("jfs.log.1"));
    Files.createFile(path);
    secondLater();
    line("two");
    assertThat(path).hasContent("two\n");
  }

  @Test
  void beginsAnewWhenRemoved() throws IOException {
    line("one");
    Files.delete(path);
    secondLater();
    line("two");
    assertThat(path).hasContent("two\n");
  }

  @Test
  void appendsAfterTruncation() throws IOException {
    line("one");
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      FileChannel unused = channel.truncate(0);
    }
    line("two");
    assertThat(path).hasContent("two\n");
  }

  @Test
  void keepsTheFileWhileItsFolderIsGone() throws IOException {
    Path folderOfLog = Files.createDirectory(folder.resolve("logs"));
    try (LogFile other = new LogFile(folderOfLog.resolve("x"), () -> nowNanos)) {
      Path aside = Files.move(folderOfLog, folder.resolve("aside"));
      secondLater();
      other.write("one\n".getBytes(StandardCharsets.UTF_8));
      assertThat(aside.resolve("x")).hasContent("one\n");
      Files.move(aside, folderOfLog);
      secondLater();
      other.write("two\n".getBytes(StandardCharsets.UTF_8));
      assertThat(folderOfLog.resolve("x")).hasContent("one\ntwo\n");
    }
  }
}
