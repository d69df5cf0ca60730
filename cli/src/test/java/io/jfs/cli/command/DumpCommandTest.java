package io.jfs.cli.command;

import static io.jfs.cli.CommandRun.answering;
import static io.jfs.cli.CommandRun.jfs;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.chunk.encrypt.Encryption;
import io.jfs.chunk.encrypt.PrivateKeyFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DumpCommandTest {
  @TempDir Path folder;
  private String meta = "";

  @BeforeEach
  void format() {
    meta = "lmdb://" + folder.resolve("meta");
    jfs("format", "--bucket", folder.resolve("data").toString(), meta, "vol").succeeded();
  }

  private String other() {
    return "lmdb://" + folder.resolve("other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dump.json", "dump.json.gz", "dump.json.zstd"})
  void travelsInFilesOfEveryKind(String name) throws Exception {
    Path file = folder.resolve(name);
    jfs("dump", meta, file.toString()).succeeded();
    boolean isPlain = Files.readAllBytes(file)[0] == '{';
    assertThat(isPlain).isEqualTo(name.endsWith(".json"));
    assertThat(folder.resolve(name + ".tmp")).doesNotExist();
    jfs("load", other(), file.toString()).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(jfs("dump", meta).succeeded());
  }

  @Test
  void travelsAsItIs() {
    Path file = folder.resolve("dump.bin.gz");
    jfs("dump", "--binary", meta, file.toString()).succeeded();
    assertThat(jfs("load", "--binary", "--stat", file.toString()).succeeded())
        .startsWith("Backup Version: 1\n-----------------------\nName      | Num       \n")
        .contains("\nnode      | 2         |\n");
    jfs("load", "--binary", other(), file.toString()).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(jfs("dump", meta).succeeded());
    jfs("load", "--stat", file.toString()).failed("--stat needs --binary");
    jfs("dump", "--binary", "--subdir", "/d", meta).failed("--binary has the whole volume");
  }

  @Test
  void travelsThroughAPipe() {
    String dump = jfs("dump", meta).succeeded();
    answering(dump, "load", other()).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(dump);
  }

  @Test
  void failuresLeaveNothingBehind() throws Exception {
    Path file = Files.writeString(folder.resolve("earlier"), "kept");
    jfs("dump", "--subdir", "/no", meta, file.toString()).failed("/no: no such directory");
    assertThat(Files.readString(file)).isEqualTo("kept");
    jfs("dump", other(), file.toString()).failed("not formatted");
    jfs("load", other(), file.toString()).failed("not a JSON dump");
    jfs("load", other(), folder.resolve("none").toString()).failed("no such file");
    jfs("load", meta, file.toString()).failed("is used by volume vol");
    jfs("dump", other(), folder.resolve("none").toString()).failed("not formatted");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private Path newKey(String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(key);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
  }

  private Path encrypted(Path file, Path key, String algorithm, String name) throws Exception {
    Encryption encryption =
        Encryption.of(algorithm, PrivateKeyFile.parse(Files.readString(key), null));
    ByteBuffer plain = ByteBuffer.wrap(Files.readAllBytes(file));
    ByteBuffer sealed = ByteBuffer.allocate(plain.remaining() + encryption.overheadBytes());
    encryption.seal(plain, sealed);
    return Files.write(folder.resolve(name), sealed.array());
  }

  @Test
  void encryptedBackupsAreLoadedWithTheirKey() throws Exception {
    Path key = newKey("key.pem");
    Path plain = folder.resolve("plain.json.gz");
    jfs("dump", meta, plain.toString()).succeeded();
    String backup = encrypted(plain, key, "aes256gcm-rsa", "dump.json.gz").toString();
    jfs("load", other(), backup).failed("");
    jfs("load", "--encrypt-rsa-key", newKey("wrong.pem").toString(), other(), backup)
        .failed("cannot decrypt");
    jfs("load", "--encrypt-rsa-key", backup, other(), backup).failed("--encrypt-rsa-key");
    jfs("load", "--encrypt-rsa-key", key.toString(), other()).failed("needs a FILE");
    jfs("load", "--encrypt-rsa-key", key.toString(), other(), backup).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(jfs("dump", meta).succeeded());
  }

  @Test
  void encryptedBinaryDumpsShowWhatIsInThem() throws Exception {
    Path key = newKey("key.pem");
    Path plain = folder.resolve("dump.bin");
    jfs("dump", "--fast", "--binary", meta, plain.toString()).succeeded();
    String file = encrypted(plain, key, "chacha20-rsa", "dump.enc").toString();
    String[] load = {"load", "--encrypt-rsa-key", key.toString(), "--encrypt-algo", "chacha20-rsa"};
    String rows = jfs(with(load, "--binary", "--stat", "--offset", "-1", file)).succeeded();
    assertThat(rows).contains("Name      | Num       | Offset\n", "format    | 1         | [0]\n");
    String second = rows.lines().filter(line -> line.startsWith("counter")).findFirst().get();
    String offset = second.replaceAll(".*\\[([0-9]+).*", "$1");
    assertThat(jfs(with(load, "--binary", "--stat", "--offset", offset, file)).succeeded())
        .startsWith("Segment: counter\nOffset: " + offset + "\nBytes: ");
    jfs(with(load, "--binary", "--stat", "--offset", "3", file)).failed("no segment begins at 3");
    jfs(with(load, "--binary", other(), file)).succeeded();
    assertThat(jfs("dump", other()).succeeded()).isEqualTo(jfs("dump", meta).succeeded());
  }

  private static String[] with(String[] first, String... rest) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }
}
