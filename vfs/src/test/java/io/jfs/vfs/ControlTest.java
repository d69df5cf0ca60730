package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.O_RDWR;
import static io.jfs.vfs.TestVolume.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.PosixLock;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes of the command channel: vfs-cli spec 1.5. */
class ControlTest {
  private TestVolume volume;
  private TestVolume.Client client;
  private Ino control;
  private long handle;
  private Ino file;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
    Created created = client.create("a");
    file = created.entry().ino();
    for (int i = 0; i < 3; i++) {
      client.write(file, created.opened().handle(), 20L * i, new byte[10]);
      client.flush(file, created.opened().handle());
    }
    client.closeFile(file, created.opened().handle());
    Ino dir = client.vfs.mkdir(ROOT, Ino.ROOT, Name.of("d"), 0755, 0).ino();
    client.vfs.mknod(ROOT, dir, Name.of("x"), 0100644, 0, 0);
    control = client.vfs.lookup(ROOT, dir, Name.of(".control")).ino();
    handle = client.vfs.open(ROOT, control, O_RDWR).handle();
  }

  @AfterEach
  void unmount() throws Exception {
    client.vfs.release(ROOT, control, handle, 0);
    volume.close();
  }

  private byte[] ask(Caller caller, String hex) throws Exception {
    byte[] request = HexFormat.of().parseHex(hex.replace(" ", ""));
    send(caller, 0, request);
    return answer(request.length);
  }

  private void send(Caller caller, long offset, byte[] bytes) throws Exception {
    ByteBuffer data = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    client.vfs.write(Request.of(caller), control, handle, offset, data, false);
  }

  /** Reads until the answer ends: with data, or with the byte that is the only one left. */
  private byte[] answer(long from) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < deadline) {
      all.writeBytes(client.read(control, handle, from + all.size(), 4096));
      if (isComplete(all.toByteArray())) {
        return withLastProgress(all.toByteArray());
      }
      new Cancellation().pause(5);
    }
    throw new AssertionError("no complete answer: " + HexFormat.of().formatHex(all.toByteArray()));
  }

  /** On a slow machine an answer shows more than one progress: only the last is certain. */
  private static byte[] withLastProgress(byte[] answer) {
    int at = 0;
    while (answer.length > at + 17 && answer[at] == (byte) 0xFE && answer[at + 17] == (byte) 0xFE) {
      at += 17;
    }
    return Arrays.copyOfRange(answer, at, answer.length);
  }

  private static boolean isComplete(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.remaining() > 1) {
      byte kind = in.get();
      if (kind == (byte) 0xFF) {
        return in.remaining() >= 4 && in.getInt() == in.remaining();
      }
      if (kind != (byte) 0xFE) {
        return ByteBuffer.wrap(bytes).getInt() == bytes.length - 4; // legacy text
      }
      in.position(in.position() + 16);
    }
    return in.remaining() == 1;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String text(byte[] answer) {
    int at = 0;
    while (answer[at] == (byte) 0xFE) {
      at += 17;
    }
    assertThat(answer[at]).isEqualTo((byte) 0xFF);
    return new String(answer, at + 5, answer.length - at - 5, StandardCharsets.UTF_8);
  }

  @Test
  void isNotListedButFoundEverywhere() throws Exception {
    assertThat(control.value()).isEqualTo(9223372032559808514L);
    assertThat(client.vfs.getAttr(ROOT, control, -1).mode()).isEqualTo(0666);
  }

  @Test
  void anUnknownCommandIsInvalid() throws Exception {
    assertThat(hex(ask(Caller.ROOT, "000007cf 00000000"))).isEqualTo("16");
    assertThat(hex(ask(Caller.ROOT, "000003f0 00000001 00"))).isEqualTo("16"); // cut short
  }

  @Test
  void tooMuchIsAnIoError() throws Exception {
    assertThat(hex(ask(Caller.ROOT, "000007cf 00000001 00 00"))).isEqualTo("05");
  }

  @Test
  void aRequestMayComeInPieces() throws Exception {
    byte[] request = HexFormat.of().parseHex("000003ea0000000b0000000000000001026e6f");
    for (int i = 0; i < request.length; i++) {
      assertThat(client.read(control, handle, i, 100)).isEmpty();
      send(Caller.ROOT, i, Arrays.copyOfRange(request, i, i + 1));
    }
    assertThat(hex(answer(request.length))).isEqualTo("02");
  }

  @Test
  void infoShowsAFile() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003ed 0000000b " + number(file) + " 00 00 00");
    assertThat(hex(Arrays.copyOf(answer, 17))).isEqualTo("fe00000000000000010000000000001000");
    assertThat(text(answer))
        .startsWith(
            "{\"Ino\":"
                + file
                + ",\"Failed\":false,\"Reason\":\"\",\"Summary\":{\"Length\":50,\"Size\":4096,\"Files\":1,"
                + "\"Dirs\":0},\"Paths\":[\"/a\"],\"Chunks\":null,\"Objects\":[{\"ChunkIndex\":0,"
                + "\"Key\":\"test/chunks/0/0/1_0_10\",\"Size\":10,\"Off\":0,\"Len\":10},")
        .endsWith(
            "],\"PLocks\":[],\"FLocks\":[],\"Tier\":{\"ID\":0,\"StorageClass\":\"\",\"Tag\":\"\"},"
                + "\"RestoreStatus\":\"\"}");
  }

  @Test
  void infoShowsTheRawSlices() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003ed 0000000b " + number(file) + " 00 01 00");
    assertThat(text(answer))
        .contains("\"Chunks\":[{\"ChunkIndex\":0,\"Id\":1,\"Size\":10,\"Off\":0,\"Len\":10},")
        .contains("\"Objects\":null");
  }

  @Test
  void infoOfWhatIsNotThereSaysWhy() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003ed 0000000b 0000000000000fff 00 00 00");
    assertThat(text(answer))
        .isEqualTo(
            "{\"Ino\":4095,\"Failed\":true,\"Reason\":\"no such file or directory\","
                + "\"Summary\":{\"Length\":0,\"Size\":0,\"Files\":0,\"Dirs\":0},\"Paths\":null,"
                + "\"Chunks\":null,\"Objects\":null,\"PLocks\":null,\"FLocks\":null,"
                + "\"Tier\":{\"ID\":0,\"StorageClass\":\"\",\"Tag\":\"\"},\"RestoreStatus\":\"\"}");
  }

  @Test
  void oldClientsGetText() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003eb 0000000a " + number(file) + " 00 00");
    assertThat(new String(answer, 4, answer.length - 4, StandardCharsets.UTF_8))
        .startsWith(
            "  inode: "
                + file
                + "\n  files: 1\n   dirs: 0\n length: 50 Bytes\n"
                + "   size: 4.00 KiB (4096 Bytes)\n")
        .contains("   path: /a\nobjects:\n\t0:\ttest/chunks/0/0/1_0_10\t10\t0\t10\n");
  }

  @Test
  void summaryShowsTheTree() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003ef 0000000b 0000000000000001 03 0a 00");
    assertThat(text(answer))
        .startsWith(
            "{\"Errno\":0,\"Tree\":{\"Inode\":1,\"Path\":\"\",\"Type\":2,\"Size\":16384,\"Files\":2,"
                + "\"Dirs\":2,\"Children\":[{\"Inode\":")
        .contains("\"Path\":\"d\",\"Type\":2,\"Size\":8192,\"Files\":1,\"Dirs\":1")
        .contains("\"Path\":\"d/x\",\"Type\":1,\"Size\":4096");
    byte[] topOne = ask(Caller.ROOT, "000003ef 0000000b 0000000000000001 01 01 00");
    assertThat(text(topOne))
        .contains("{\"Inode\":0,\"Path\":\"...\",\"Type\":1,\"Size\":4096,\"Files\":1,\"Dirs\":0");
  }

  @Test
  void compactLeavesOneSlice() throws Exception {
    assertThat(client.volume.readChunk(file, 0)).hasSize(3);
    byte[] answer = ask(Caller.ROOT, "000003f0 0000000a 0000000000000001 000a");
    assertThat(hex(answer)).isEqualTo("fe0000000000000001000000000000000100");
    assertThat(client.volume.readChunk(file, 0)).hasSize(1);
  }

  @Test
  void rmrRemovesATree() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003ea 0000000c 0000000000000001 01 64 00 32");
    assertThat(hex(answer)).isEqualTo("fe0000000000000002000000000000000000");
    assertThat(client.vfs.lookup(ROOT, Ino.ROOT, Name.of("d"))).isNull();
  }

  @Test
  void rmrIsForThoseWhoMay() throws Exception {
    Caller user = Caller.of(1000, 1000);
    assertThat(hex(ask(user, "000003ea 0000000c 0000000000000001 01 64 00 32"))).isEqualTo("0d");
    assertThat(hex(ask(user, "000003ea 0000000c 0000000000000001 01 64 01 32"))).isEqualTo("01");
  }

  @Test
  void cloneCopiesATree() throws Exception {
    Ino dir = client.vfs.lookup(ROOT, Ino.ROOT, Name.of("d")).ino();
    String request = number(dir) + "0000000000000001 0000000000000001 01 63 0012 00 04";
    byte[] answer = ask(Caller.ROOT, "000003ee 0000001e " + request);
    assertThat(hex(answer)).isEqualTo("fe0000000000000002000000000000000200");
    Ino copy = client.vfs.lookup(ROOT, Ino.ROOT, Name.of("c")).ino();
    assertThat(client.vfs.lookup(ROOT, copy, Name.of("x"))).isNotNull();
    assertThat(hex(ask(Caller.ROOT, "000003ee 0000001e " + request))).isEqualTo("11");
    Caller user = Caller.of(1000, 1000);
    String elsewhere = number(dir) + number(dir) + number(dir) + "01 65 0012 00 04";
    assertThat(hex(ask(user, "000003ee 0000001e " + elsewhere))).isEqualTo("0d");
  }

  @Test
  void infoShowsEveryLinkAndLock() throws Exception {
    Ino dir = client.vfs.lookup(ROOT, Ino.ROOT, Name.of("d")).ino();
    client.vfs.link(ROOT, file, dir, Name.of("hard"));
    LockOwner owner = new LockOwner(client.volume.sessionId(), -1);
    client.volume.lock(file, owner, new PosixLock(true, 42, 1, 3));
    client.volume.flock(file, owner, false);
    String sid = "{\"Sid\":" + client.volume.sessionId() + ",\"Owner\":18446744073709551615,";
    assertThat(text(ask(Caller.ROOT, "000003ed 0000000b " + number(file) + " 00 00 00")))
        .contains("\"Paths\":[\"/a\",\"/d/hard\"]")
        .contains("\"PLocks\":[" + sid + "\"Type\":1,\"Pid\":42,\"Start\":1,\"End\":3}]")
        .contains("\"FLocks\":[" + sid + "\"Type\":\"R\"}]");
  }

  @Test
  void summaryOfWhatIsNotThereSaysWhy() throws Exception {
    assertThat(text(ask(Caller.ROOT, "000003ef 0000000b 0000000000000fff 03 0a 00")))
        .isEqualTo(
            "{\"Errno\":2,\"Tree\":{\"Inode\":4095,\"Path\":\"\",\"Type\":2,\"Size\":0,\"Files\":0,"
                + "\"Dirs\":0}}");
  }

  @Test
  void warmupCountsFilesAndBytes() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003ec 0000000a 00000002 2f61 0032 00 00");
    assertThat(text(answer))
        .isEqualTo(
            "{\"FileCount\":1,\"SliceCount\":3,\"TotalBytes\":30,\"MissBytes\":0,\"Locations\":{}}");
  }

  @Test
  void warmupInTheBackgroundOutlivesTheClient() throws Exception {
    byte[] answer = ask(Caller.ROOT, "000003ec 0000000a 00000002 2f61 0032 01 00");
    assertThat(text(answer)).startsWith("{\"FileCount\":0,");
    client.vfs.flush(ROOT, control, handle, 0);
    assertThat(text(ask(Caller.ROOT, "000003ec 0000000a 00000002 2f61 0032 00 00")))
        .startsWith("{\"FileCount\":1,");
  }

  @Test
  void warmupLeavesOutWhatIsNotThere() throws Exception {
    assertThat(text(ask(Caller.ROOT, "000003ec 0000000a 00000002 2f79 0032 00 00")))
        .startsWith("{\"FileCount\":0,");
  }

  @Test
  void anotherQuestionMayFollow() throws Exception {
    assertThat(hex(ask(Caller.ROOT, "000007cf 00000000"))).isEqualTo("16");
    byte[] request = HexFormat.of().parseHex("000003f00000000a" + number(file) + "000a");
    send(Caller.ROOT, 9, request);
    assertThat(hex(answer(9 + request.length))).isEqualTo("fe0000000000000001000000000000000100");
  }

  private static String number(Ino ino) {
    return String.format("%016x", ino.value());
  }
}
