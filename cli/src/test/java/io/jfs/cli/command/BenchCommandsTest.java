package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shapes of what the benches print; that they leave nothing behind. No figures are judged. */
final class BenchCommandsTest {
  @TempDir Path folder;

  private void nothingIsLeft(Path where) throws Exception {
    try (Stream<Path> files = Files.walk(where)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private String store() {
    return folder.resolve("store").toString();
  }

  @Test
  void objbenchTestsAndMeasures() throws Exception {
    String out =
        jfs("objbench", "-b", "64K", "--big-object-size", "1M", "--small-objects", "5", store())
            .succeeded();
    assertThat(out)
        .contains("Start Functional Testing ...", "| CATEGORY |         TEST        |")
        .contains("|    basic |     create a bucket |        pass |")
        .contains("|     sync |    multipart upload | not support |")
        .contains("Benchmark finished! block-size: 64 KiB, big-object-size: 1.0 MiB")
        .contains(
            "upload objects |", "put small objects |", "MiB/s |", "ms/object |", "p50/95/99 ms");
    nothingIsLeft(folder.resolve("store"));
  }

  @Test
  void objbenchRunsAMixForSomeTime() throws Exception {
    String out =
        jfs(
                "objbench",
                "-d",
                "200ms",
                "-t",
                "2",
                "--queue-depth",
                "2",
                "-b",
                "4K",
                "--objects",
                "5",
                store())
            .succeeded();
    assertThat(out)
        .contains("mixed: 2 threads x 2 requests, 4.0 KiB objects, 50% reads")
        .contains("IOPS, ", "reads: ", "writes: ", "p99.9 ", "% |#");
    nothingIsLeft(folder.resolve("store"));
  }

  @Test
  void objbenchRunsJobsOnSeveralEndpointsAndSpeaksJson() throws Exception {
    Path job =
        Files.writeString(
            folder.resolve("job"),
            """
            # comment
            [global]
            duration=100ms
            block-size=1K
            [writes]
            read-ratio=0
            [reads]
            read-ratio=1
            threads=2
            """);
    String out =
        jfs(
                "objbench",
                "--json",
                "--job",
                job.toString(),
                store(),
                folder.resolve("two").toString())
            .succeeded();
    assertThat(out)
        .startsWith("{")
        .contains("\"endpoint\": \"file://" + folder.resolve("two"))
        .contains("\"name\": \"writes\"", "\"name\": \"reads\"", "\"p99.9\":", "\"iops\":");
  }

  @Test
  void mistakesAreRefused() throws Exception {
    jfs("objbench", "-d", "0s", store()).failed("duration must be more than 0");
    jfs("objbench", "-t", "0", store()).failed("threads must be from 1");
    jfs("objbench", "--storage", "floppy", store()).failed("Invalid object storage: floppy");
    Path job = Files.writeString(folder.resolve("job"), "nonsense");
    jfs("objbench", "--job", job.toString(), store()).failed("job:1: neither [run] nor");
    assertThat(folder.resolve("store")).doesNotExist();
  }

  @Test
  void metabenchCountsRoundTrips() {
    String meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", store(), meta, "vol").succeeded();
    String out = jfs("metabench", "--threads", "1,2", "--files", "5", meta).succeeded();
    assertThat(out)
        .contains("Threads: 1, files: 5", "Threads: 2, files: 5")
        .contains("|  OPERATION  |", "ROUND TRIPS |", "| write slice |", "| rename      |");
    assertThat(jfs("metabench", "--json", "--threads", "1", "--files", "2", meta).succeeded())
        .contains("\"roundTrips\":", "\"operation\": \"create\"");
    assertThat(jfs("fsck", meta).succeeded()).isEmpty();
  }

  @Test
  void benchMeasuresADirectory() throws Exception {
    Path path = Files.createDirectory(folder.resolve("path"));
    String out =
        jfs("bench", "--big-file-size", "2", "--small-file-count", "5", "-p", "2", path.toString())
            .succeeded();
    assertThat(out)
        .startsWith("Benchmark finished!\nBlockSize: 1.0 MiB, BigFileSize: 2.0 MiB, ")
        .contains(
            "SmallFileCount: 5, NumThreads: 2", "|   Write big file |", "|        Stat file |");
    assertThat(path).isEmptyDirectory();
    jfs("bench", path.resolve("none").toString()).failed("is not a directory");
    assertThat(jfs("bench", "--json", "--big-file-size", "0", path.toString()).succeeded())
        .contains("\"item\": \"Read small file\"");
  }

  @Test
  void mdtestMakesATree() throws Exception {
    String meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", store(), meta, "vol").succeeded();
    Path lines = folder.resolve("operations");
    CommandRun run =
        jfs(
            "mdtest",
            "--threads",
            "3",
            "--dirs",
            "4",
            "--files",
            "5",
            "--access-log",
            lines.toString(),
            meta,
            "/test1");
    assertThat(run.succeeded()).contains("|       mkdir |", "| create file |", "files/s |");
    assertThat(run.log())
        .contains("Create 315 files in 21 dirs")
        .containsPattern("Created 21 dirs in [0-9.]+s \\([0-9]+ dirs/s\\)")
        .containsPattern("Created 315 files in [0-9.]+s \\([0-9]+ files/s\\)");
    String tree = jfs("dump", meta).succeeded();
    for (int walker = 0; walker < 3; walker++) {
      assertThat(tree.split("\"file.mdtest." + walker + ".4\"", -1)).hasSize(21 + 1);
    }
    assertThat(Files.readAllLines(lines))
        .hasSize(22 + 315)
        .allMatch(
            line ->
                line.matches(
                    "[0-9.]{10} [0-9:.]{15} \\[uid:\\d+,gid:\\d+,pid:\\d+\\] "
                        + "(Mkdir|Create) \\(/test1/test-dir.0-0\\S*, ?\\d+\\): OK <\\d\\.\\d{6}>"));
    assertThat(jfs("fsck", meta).succeeded()).isEmpty();
    jfs("mdtest", meta, "/test1").failed("/test1: ");
    jfs("mdtest", meta, "/no/such").failed("/no/such: ");
    assertThat(jfs("mdtest", "--json", "--depth", "0", meta, "/test2").succeeded())
        .contains("\"item\": \"mkdir\"", "\"operations\": 10");
  }

  @Test
  void mdtestWritesLengthsWithoutData() {
    String meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", store(), meta, "vol").succeeded();
    String length = Long.toString((64L << 20) + 5);
    jfs("mdtest", "--depth", "0", "--files", "1", "--write", length, meta, "/t").succeeded();
    assertThat(jfs("dump", meta).succeeded()).contains("\"length\":" + length);
    assertThat(folder.resolve("store/vol/chunks")).doesNotExist();
    jfs("mdtest", "--files", "0", meta, "/u").failed("--files must be from 1");
    jfs("mdtest", "--dirs", "100", "--depth", "9", meta, "/u").failed("10 million directories");
    jfs("mdtest", meta, "u").failed("is not absolute");
    assertThat(jfs("dump", meta).succeeded()).doesNotContain("\"u\"");
  }
}
