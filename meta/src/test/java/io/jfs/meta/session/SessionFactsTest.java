package io.jfs.meta.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionFactsTest {
  private static final String STORED =
      "{\"Version\":\"1.4.2+2026-10-26.xyz\",\"HostName\":\"vm\",\"IPAddrs\":[\"192.0.2.2\"],"
          + "\"MountPoint\":\"/mnt/vnone\",\"MountTime\":\"2026-11-21T20:12:11.361692748Z\","
          + "\"ProcessID\":19697}";

  @Test
  void isStoredAsTheReferenceStoresIt() {
    SessionFacts facts =
        new SessionFacts(
            "1.4.2+2026-10-26.xyz",
            "vm",
            List.of("192.0.2.2"),
            "/mnt/vnone",
            Instant.parse("2026-11-21T20:12:11.361692748Z"),
            19697);
    assertThat(new String(facts.toJson(), StandardCharsets.UTF_8)).isEqualTo(STORED);
    assertThat(SessionFacts.parse(STORED.getBytes(StandardCharsets.UTF_8))).isEqualTo(facts);
  }

  @Test
  void oddRecordsComeOutEmpty() {
    SessionFacts facts = SessionFacts.parse("{\"MountTime\":7}".getBytes(StandardCharsets.UTF_8));
    assertThat(facts.hostName()).isEmpty();
    assertThat(facts.mountTime()).isEqualTo(Instant.EPOCH);
    byte[] offset =
        "{\"MountTime\":\"2026-11-21T22:12:11+02:00\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(SessionFacts.parse(offset).mountTime())
        .isEqualTo(Instant.parse("2026-11-21T20:12:11Z"));
  }

  @Test
  void thisProcessSaysWhoItIs() {
    SessionFacts facts = SessionFacts.ofThisProcess("/mnt", Instant.EPOCH);
    assertThat(facts.processId()).isEqualTo(ProcessHandle.current().pid());
    assertThat(facts.version()).startsWith("1.4.");
    assertThat(facts.hostName()).isNotEmpty();
  }
}
