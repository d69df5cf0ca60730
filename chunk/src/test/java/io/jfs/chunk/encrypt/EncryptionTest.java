package io.jfs.chunk.encrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {
  private static final String PASSPHRASE = "test1234";

  /** A key made for tests only. */
  private static final String TEST_KEY =
      """
      -----BEGIN RSA PRIVATE KEY-----
      Proc-Type: 4,ENCRYPTED
      DEK-Info: AES-256-CBC,10A7F0248158B72F7927C54A33A42740

      FaKPYP3KLEIgKj6Nt9a20S1NtkYOYI9x3b4KjEWchWCRnH71PxotUtFt2GEdtdgV
      OAh6bfNxpFseLCSBke4m8rexo6rIy5mJJ6GQWySx7AI4juC7+kVt+6zHifIRTJ5y
      FkqIkxLKPIU2hwLccIoLL6JPdPOscBYE1xV9CVUHCc51en1i09OpPgOoMww6jb2c
      RiIhaafkwG2vR5MkHVnrO6/D1MDbyOrA5cv8mCGT+rBMTgrJ3S0qK1ScL4dvKmmN
      Foxrps2Ho9j1O7j+5k3Mu8sOsoM6eTeUWLdtCclh2E8QGP0xm2ER+GRegvfgy3iI
      N/p7B5FOfrxKUBGv4wLomVSCkZy93r9BDflAP1MIOx62a9yQLv5e1laQzWEvqHyk
      /AM8dk6lzfm7Q46RNr413tZEfq9upOu4CB2aDKEu2vVPjiZdznlFU2Tl3FBFZ5S8
      SoajhpKWSGeQJT6NzxuhSM4GUnJS45ur9HtkQp46GGrBbUPdVUf8LQZM+VhVqJhw
      fsZcn+i+s5/nrkzPorRVSHDahBXWD0/xTjKAGrYvK7c1r94wZH9iDF0iMcdjL5f6
      TR7Ild7101tLdUfu4IMy22A5/xWrYMZd1P0z+Fu1STlhaQ2j2Vc+HJ6HlpgDQQ/y
      N9dgFyR/ZkFW2GLtsla6fSrB77PyQxjYYZtdJWXF47R0ZhSd2rVIhNNxukjqQZWU
      0ny38Q86fcj/FyXqKocpcASMtSW79nkwJrQIuEqC7331lrkCN1l+gXpHxzpA3JQU
      T7VXF8ahBezu0oOvuyYlOrLLE+CL5Cehz+mdB+NghYUk667WiP7xeOMSZ4ZUzpIl
      -----END RSA PRIVATE KEY-----
      """;

  private static final String AES_OBJECT =
      "00800c861135e8e5267ec0e2718cbbc8b7b7247a0cd30bc0e7c0a37f02e35d2500c9b7d263cb580f90d5661c14c94ac98d6b2201889283f08bf420ca8f2b4482"
          + "be37e356cd2979223175f4c46fe198c3c2711694834abb2b05172f6274c5eb552659d8b7ed5f3fdb178ec04e97a9177ef3199126b2912c537b4f9ecf5e31ffb3"
          + "fd6be0122772b237bcd04db94088791a1f1ee47b00f415e46e4fc3c41a57caba6e10549f0f9898a9c260a73190b66a";

  private static final String CHACHA_OBJECT =
      "00800c37d8ad5f1c44e0b06d9fb9dd144a1d2ab32c4445f240b37719124e189277fb5d7957bc1a26cd7fd5d2369c0728750c209312f4250ec0262bcc3bb6ebb2"
          + "981f3266be8771203447b245d243c1cd59873005b6cc1c6768966c82aac9035d3eb43ef6588d21ea712518c3a3697dc362129a80575b6a6769a8ed51ee2b6a55"
          + "f1bacb8c7b867e97c3201ab9594a4f9052a18a022ac7dd2437a3fc7414067fbee9bc38931c00d98e492b2214bbaf75";

  static Encryption testEncryption(String name) throws IOException {
    return Encryption.of(name, PrivateKeyFile.parse(TEST_KEY, PASSPHRASE));
  }

  @Test
  void nativeCodeDoesTheWork() {
    Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"));

    assertThat(Cryptography.isNative()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"aes256gcm-rsa", "chacha20-rsa", "''"})
  void opensObjectsOfTheReference(String name) throws IOException {
    String object = name.startsWith("chacha") ? CHACHA_OBJECT : AES_OBJECT;
    ByteBuffer sealed = ByteBuffer.wrap(HexFormat.of().parseHex(object));
    assertThat(sealed.remaining()).isEqualTo(175);
    ByteBuffer plain = ByteBuffer.allocate(200);
    testEncryption(name).open(sealed, plain);
    assertThat(new String(plain.array(), 0, plain.position(), StandardCharsets.US_ASCII))
        .isEqualTo("jfs test block 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aes256gcm-rsa", "chacha20-rsa", "sm4gcm"})
  void whatIsSealedCanBeOpened(String name) throws IOException {
    Encryption encryption = testEncryption(name);
    for (int length : new int[] {0, 1, 15, 16, 17, 4096, 1_000_003}) {
      ByteBuffer plain = ByteBuffer.allocateDirect(length);
      for (int i = 0; i < length; i++) {
        plain.put(i, (byte) (i * 31));
      }
      ByteBuffer sealed = ByteBuffer.allocateDirect(length + encryption.overheadBytes());
      encryption.seal(plain, sealed);
      assertThat(sealed.hasRemaining()).isFalse();
      sealed.flip();
      assertThat(sealed.getShort(0)).isEqualTo((short) 128);
      assertThat(sealed.get(2)).isEqualTo((byte) 12);
      ByteBuffer back = ByteBuffer.allocateDirect(length + 16);
      encryption.open(sealed, back);
      assertThat(back.flip()).isEqualTo(plain);
    }
  }

  @Test
  void aChangedByteAnywhereIsAnError() throws IOException {
    Encryption encryption = testEncryption("aes256gcm-rsa");
    byte[] object = HexFormat.of().parseHex(AES_OBJECT);
    for (int i = 0; i < object.length; i += 7) {
      byte[] damaged = object.clone();
      damaged[i] ^= 1;
      ByteBuffer plain = ByteBuffer.allocate(300);
      assertThatThrownBy(() -> encryption.open(ByteBuffer.wrap(damaged), plain))
          .as("byte " + i)
          .isInstanceOf(IOException.class);
    }
    for (int length : new int[] {0, 2, 3, 142, 143, 150, 174}) {
      ByteBuffer cut = ByteBuffer.wrap(object, 0, length);
      assertThatThrownBy(() -> encryption.open(cut, ByteBuffer.allocate(300)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void passphrasesAreAskedForAndChecked() {
    assertThatThrownBy(() -> PrivateKeyFile.parse(TEST_KEY, null))
        .hasMessageContaining("JFS_RSA_PASSPHRASE");
    assertThatThrownBy(() -> PrivateKeyFile.parse(TEST_KEY, "wrong"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> PrivateKeyFile.parse("nothing", "x")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> testEncryption("des")).hasMessageContaining("des");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genrsa -traditional -out %s 2048",
        "genrsa -out %s 2048",
        "genrsa -traditional -aes256 -passout pass:test1234 -out %s 2048",
        "genrsa -traditional -aes128 -passout pass:test1234 -out %s 2048",
        "genrsa -traditional -des3 -passout pass:test1234 -out %s 2048",
        "genrsa -aes256 -passout pass:test1234 -out %s 2048",
        "genrsa -aes128 -passout pass:test1234 -out %s 4096",
      })
  void keysOfOpenSslAreRead(String command, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("key.pem");
    String[] words = ("openssl " + command.formatted(file)).split(" ");
    Assumptions.assumeTrue(isInstalled("openssl"), "needs openssl");
    assertThat(new ProcessBuilder(words).start().waitFor()).isZero();
    Encryption encryption =
        Encryption.of("aes256gcm-rsa", PrivateKeyFile.parse(Files.readString(file), PASSPHRASE));
    assertThat(encryption.overheadBytes()).isEqualTo(command.contains("4096") ? 543 : 287);
  }

  private static boolean isInstalled(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
