package io.jfs.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers of the reference, whole and cut at every byte. Vfs-cli spec 1.5. */
final class AnswerParserTest {
  private static final String PROGRESS = "fe00000000000000040000000000500000";

  private final List<String> told = new ArrayList<>();

  private AnswerParser parser(String hex) {
    return new AnswerParser(
        HexFormat.of().parseHex(hex), (first, second) -> told.add(first + "/" + second));
  }

  private ControlAnswer complete(String hex) {
    for (int cut = 0; cut < hex.length(); cut += 2) {
      assertThat(parser(hex.substring(0, cut)).parse()).as("cut at %s", cut).isNull();
    }
    told.clear();
    ControlAnswer answer = parser(hex).parse();
    assertThat(answer).isNotNull();
    return answer;
  }

  @Test
  void doneAndRefused() {
    assertThat(complete(PROGRESS + PROGRESS + "00").isDone()).isTrue();
    assertThat(told).containsExactly("4/5242880", "4/5242880");
    ControlAnswer refused = complete("02");
    assertThat(refused.isDone()).isFalse();
    assertThat(refused.reason()).isEqualTo("no such file or directory");
    assertThat(complete("fd").reason()).isEqualTo("error 253");
  }

  @Test
  void data() {
    String json =
        "{\"N\":18446744073709551615,\"B\":true,\"P\":[\"/a\"],\"O\":null,\"S\":[{\"x\":1}]}";
    byte[] bytes = json.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    String length = String.format("%08x", bytes.length);
    ControlAnswer answer = complete(PROGRESS + "ff" + length + HexFormat.of().formatHex(bytes));
    assertThat(answer.isDone()).isTrue();
    Fields fields = answer.fields();
    assertThat(Long.toUnsignedString(fields.number("N"))).isEqualTo("18446744073709551615");
    assertThat(fields.flag("B")).isTrue();
    assertThat(fields.texts("P")).containsExactly("/a");
    assertThat(fields.objects("O")).isEmpty();
    assertThat(fields.object("O").number("missing")).isZero();
    assertThat(fields.objects("S").get(0).numbers()).containsEntry("x", 1L);
  }

  @Test
  void whatIsNotUnderstoodYetIsKept() {
    AnswerParser parser = parser(PROGRESS + "fe0000");
    assertThat(parser.parse()).isNull();
    assertThat(HexFormat.of().formatHex(parser.rest())).isEqualTo("fe0000");
    assertThat(told).hasSize(1);
  }
}
