package io.jfs.cli.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RedactionTest {
  private static final Redaction NOTHING_KNOWN = Redaction.of(List.of(), Map.of());

  @Test
  void takesPasswordsOutOfUrls() {
    assertThat(NOTHING_KNOWN.clean("open redis://user:pa:s@s@host:6379/1 failed"))
        .isEqualTo("open redis://user:****@host:6379/1 failed");
    assertThat(NOTHING_KNOWN.clean("redis://:secret@host/1")).isEqualTo("redis://:****@host/1");
  }

  @Test
  void leavesUrlsWithoutPasswordsAlone() {
    String text = "lmdb:///srv/meta http://127.0.0.1:9567/metrics redis://host:6379/1 a@b";
    assertThat(NOTHING_KNOWN.clean(text)).isEqualTo(text);
  }

  @Test
  void takesKeysFromWhereTheyStand() {
    assertThat(NOTHING_KNOWN.clean("--secret-key s1 --access-key=a1 -session-token t1 x"))
        .isEqualTo("--secret-key **** --access-key=**** -session-token **** x");
    assertThat(NOTHING_KNOWN.clean("{\"SecretKey\": \"a\\\"b\", \"Name\":\"n\"}"))
        .isEqualTo("{\"SecretKey\": \"****\", \"Name\":\"n\"}");
    assertThat(NOTHING_KNOWN.clean("META_PASSWORD=x y")).isEqualTo("META_PASSWORD=**** y");
  }

  @Test
  void takesWhatTheProcessWasGivenFromEverywhere() {
    Redaction redaction =
        Redaction.of(
            List.of("jfs", "mount", "redis://u:inurl@h/1", "--secret-key", "inwords"),
            Map.of("META_PASSWORD", "invariable", "HOME", "/root", "SECRET_KEY", "abc"));
    assertThat(redaction.clean("inurl inwords invariable /root abc"))
        .isEqualTo("**** **** **** /root abc");
  }
}
