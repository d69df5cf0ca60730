package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.answering;
import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines, questions and refusals as the reference has them. Vfs-cli spec 3.8. */
final class ConfigCommandTest {
  @TempDir Path folder;
  private String meta = "";

  @BeforeEach
  void format() {
    meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--enable-acl=false", "--bucket", folder.resolve("data").toString(), meta, "vol")
        .succeeded();
  }

  private String shown() {
    return jfs("config", meta).succeeded();
  }

  @Test
  void withoutOptionsItShowsTheSettings() {
    assertThat(shown()).startsWith("{\n  \"Name\": \"vol\",").endsWith("\n}\n");
  }

  @Test
  void tiersAndTags() {
    assertThat(
            jfs("config", meta, "--storage-class", "HOT", "--tag", "team=a", "--yes").succeeded())
        .isEqualTo("storage-class:  -> HOT\n       tag:  -> team=a\n");
    assertThat(jfs("config", meta, "--tier=2", "--storage-class=COLD", "--yes").succeeded())
        .contains("tier 2 storage-class:  -> COLD\n");
    assertThat(shown())
        .contains("\"StorageClass\": \"HOT\",", "\"Tag\": \"team=a\"")
        .contains("\"2\": {\n      \"ID\": 2,\n      \"StorageClass\": \"COLD\"")
        .contains("\"MinClientVersion\": \"1.4.0");
    assertThat(jfs("config", meta, "--tier=2", "--storage-class=COLD").succeeded())
        .isEqualTo("Nothing changed.\n");
    String before = shown();
    jfs("config", meta, "--tier=4", "--storage-class=COLD").failed("--tier");
    jfs("config", meta, "--tier=1").failed("--tier");
    jfs("config", meta, "--tag=nonsense").failed("nonsense");
    jfs("config", meta, "--kerberos-config-file=/nonexistent").failed("--kerberos-config-file");
    assertThat(shown()).isEqualTo(before);
  }

  @Test
  void whatChangesIsShownLineByLine() {
    String lines =
        jfs(
                "config",
                meta,
                "--trash-days=2",
                "--capacity=10",
                "--inodes=1000",
                "--upload-limit=80",
                "--download-limit=1.5G")
            .succeeded();
    assertThat(lines)
        .isEqualTo(
            """
              capacity: 0 B -> 10 GiB
            download-limit: 0.0 Mbps -> 1.5 Gbps
                inodes: 0 -> 1,000
            trash-days: 1 -> 2
            upload-limit: 0.0 Mbps -> 80.0 Mbps
            """);
    assertThat(shown())
        .contains("\"Capacity\": 10737418240,", "\"Inodes\": 1000,", "\"TrashDays\": 2,")
        .contains("\"UploadLimit\": 80,", "\"DownloadLimit\": 1500,");
    assertThat(jfs("config", meta, "--trash-days", "2").succeeded())
        .isEqualTo("Nothing changed.\n");
  }

  @Test
  void secretsAreNeverShown() {
    String lines =
        jfs("config", meta, "--secret-key", "s3cr3t-word", "--access-key", "me").succeeded();
    assertThat(lines).isEqualTo("access-key:  -> me\nsecret-key: updated\n");
    assertThat(shown()).contains("\"SecretKey\": \"removed\"").doesNotContain("s3cr3t-word");
  }

  @Test
  void emptyingTheTrashIsAskedFor() {
    String before = shown();
    jfs("config", meta, "--trash-days", "0").failed("Aborted.");
    answering("n\n", "config", meta, "--trash-days", "0").failed("Aborted.");
    assertThat(shown()).isEqualTo(before);
    assertThat(answering("y\n", "config", meta, "--trash-days", "0").succeeded())
        .isEqualTo(
            """
            WARNING: The current trash will be emptied and future removed files will purged \
            immediately.
            Proceed anyway? [y/N]: trash-days: 1 -> 0
            """);
  }

  @Test
  void yesAnswersEveryQuestion() {
    jfs("config", meta, "--yes", "--trash-days", "0", "--max-client-version", "2.0.0").succeeded();
    assertThat(shown()).contains("\"TrashDays\": 0", "\"MaxClientVersion\": \"2.0.0\"");
  }

  @Test
  void clientsThatAreShutOutAreAskedFor() {
    jfs("config", meta, "--min-client-version", "1.0.0")
        .failed("cannot lower min-client-version from 1.1.0-A to 1.0.0");
    assertThat(jfs("config", meta, "--min-client-version", "9.0.0").out())
        .contains("WARNING: Clients below version 9.0.0 will be rejected after modification.");
    jfs("config", meta, "--min-client-version", "new").failed("not a version: new");
    jfs("config", meta, "--max-client-version", "1.0.0").failed("below min-client-version 1.1.0-A");
  }

  @Test
  void aclCannotBeSwitchedOffAgain() {
    assertThat(jfs("config", meta, "--enable-acl").succeeded())
        .isEqualTo("enable-acl: false -> true\nmin-client-version: 1.1.0-A -> 1.2.0-A\n");
    jfs("config", meta, "--enable-acl=false").failed("cannot disable acl");
  }

  @Test
  void aNewBucketMustWork() throws Exception {
    String before = shown();
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    jfs("config", meta, "--bucket", file + "/data").failed("not configured correctly");
    assertThat(shown()).isEqualTo(before);
    assertThat(jfs("config", meta, "--bucket", folder.resolve("new").toString()).succeeded())
        .isEqualTo("    bucket: %1$s/data/ -> %1$s/new/\n".formatted(folder));
  }

  @Test
  void badValuesChangeNothing() {
    String before = shown();
    jfs("config", meta, "--trash-days", "-1").failed("trash-days");
    jfs("config", meta, "--upload-limit", "x").failed("--upload-limit");
    jfs("config", meta, "--storage", "floppy").failed("floppy");
    jfs("config", "lmdb://" + folder.resolve("other")).failed("database is not formatted");
    assertThat(shown()).isEqualTo(before);
  }
}
