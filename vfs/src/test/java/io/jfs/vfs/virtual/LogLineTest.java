package io.jfs.vfs.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final Timestamp T = new Timestamp(1795292029, 5);

  private static Attr attr(FileType type, int mode, int nlink, long length) {
    return new Attr(type, 0, mode, 0, 0, T, T, T, nlink, length, 0, Ino.ROOT, 0, 0, 0);
  }

  /** A line that the reference client has written (vfs-cli spec 1.2). */
  @Test
  void isWrittenAsTheReferenceDoes() {
    LogLine line =
        new LogLine(Operation.MKDIR)
            .args(Ino.ROOT, Name.of("dd"), LogLine.mode(0777))
            .entry(new Ino(2), attr(FileType.DIRECTORY, 0755, 2, 4096));
    String text =
        line.finish(
            LocalDateTime.parse("2026-11-21T20:13:49.182905"),
            new Caller(0, 0, 28156, () -> new int[0]),
            "OK",
            653_000);

    assertThat(text)
        .isEqualTo(
            "2026.11.21 20:13:49.182905 [uid:0,gid:0,pid:28156] mkdir (1,dd,?rwxrwxrwx:00777):"
                + " (2,[drwxr-xr-x:0040755,2,0,0,1795292029,1795292029,1795292029,4096]) - OK"
                + " <0.000653>\n");
  }

  @Test
  void showsModesAsTheReferenceDoes() {
    assertThat(LogLine.mode(0100666)).isEqualTo("-rw-rw-rw-:0100666");
    assertThat(LogLine.mode(0100640, 0640)).isEqualTo("-rw-r-----:00640");
    assertThat(LogLine.mode(010666)).isEqualTo("frw-rw-rw-:010666");
    assertThat(LogLine.symbolic(0104755)).isEqualTo("-rwsr-xr-x");
    assertThat(LogLine.symbolic(0102644)).isEqualTo("-rw-r-Sr--");
    assertThat(LogLine.symbolic(041777)).isEqualTo("drwxrwxrwt");
  }

  @Test
  void showsNumbersInTheirWidths() {
    assertThat(LogLine.hex(0, 1)).isEqualTo("0x0");
    assertThat(LogLine.hex(0x8000, 1)).isEqualTo("0x8000");
    assertThat(LogLine.hex(0xABC, 8)).isEqualTo("0x00000ABC");
    assertThat(LogLine.owner(0x1CB6A68007AC4C6L)).isEqualTo("01CB6A68007AC4C6");
    assertThat(LogLine.owner(-1)).isEqualTo("FFFFFFFFFFFFFFFF");
    assertThat(new LogLine(Operation.READ).args(1, 2L, true).answer(3).body("OK", 1_234_567_890L))
        .isEqualTo("read (1,2,true): (3) - OK <1.234568>");
  }

  @Test
  void quotesWhatCannotBeShown() {
    assertThat(quoted("plain name")).isEqualTo("plain name");
    assertThat(quoted("tab\there")).isEqualTo("tab\there");
    assertThat(quoted("ä€😀\"")).isEqualTo("ä€😀\"");
    assertThat(quoted("line\nfeed\"ä")).isEqualTo("line\\nfeed\\\"ä");
    assertThat(quoted("back`quote\t")).isEqualTo("back`quote\\t");
    assertThat(Quoting.shown(new byte[] {'a', (byte) 0xff, 1})).isEqualTo("a\\xff\\x01");
  }

  private static String quoted(String text) {
    return Quoting.shown(text.getBytes(StandardCharsets.UTF_8));
  }
}
