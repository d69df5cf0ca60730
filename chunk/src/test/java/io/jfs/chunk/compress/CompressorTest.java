package io.jfs.chunk.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressorTest {
  private static final byte[] HELLO =
      "Hello JuiceFS, hello hello hello hello hello!\n".getBytes(StandardCharsets.US_ASCII);

  @Test
  void readsAndWritesTheReferencesLz4Block() throws IOException {
    String stored = "f10148656c6c6f204a7569636546532c20680f000f060001506c6c6f210a";
    assertThat(decompress("lz4", HexFormat.of().parseHex(stored), HELLO.length)).isEqualTo(HELLO);
    byte[] zeros = HexFormat.of().parseHex("1f000100" + "ff".repeat(392) + "0f500000000000");
    assertThat(zeros).hasSize(403);
    assertThat(decompress("lz4", zeros, 100_000)).isEqualTo(new byte[100_000]);
    assertThat(compress("lz4", new byte[100_000])).isEqualTo(zeros);
    assertThat(compress("lz4", HELLO)).isEqualTo(HexFormat.of().parseHex(stored));
  }

  @ParameterizedTest
  @CsvSource({
    "28b52ffd202ee50000b048656c6c6f204a7569636546532c2068656c6c6f210a0100021626, 46",
    "28b52ffd2001090000" + "00, 1",
    "28b52ffda0a08601005500001000000100" + "9b8639c002, 100000",
  })
  void readsTheReferencesZstdFrames(String stored, int length) throws IOException {
    byte[] plain = decompress("zstd", HexFormat.of().parseHex(stored), length);
    assertThat(plain).isEqualTo(length == 46 ? HELLO : new byte[length]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "lz4", "zstd"})
  void whatGoesInComesOut(String name) throws IOException {
    Random random = new Random(7);
    for (int length : new int[] {1, 3, 46, 4096, 65535, 131071, 131072, 1 << 20, 4 << 20}) {
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      assertThat(decompress(name, compress(name, noise), length)).isEqualTo(noise);
      byte[] zeros = new byte[length];
      assertThat(decompress(name, compress(name, zeros), length)).isEqualTo(zeros);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "lz4", "zstd"})
  void cutOrDamagedBytesAreAnErrorOrTheRightLength(String name) throws IOException {
    byte[] stored = compress(name, HELLO);
    byte[] cut = java.util.Arrays.copyOf(stored, stored.length - 3);
    assertThatThrownBy(() -> decompress(name, cut, HELLO.length)).isInstanceOf(IOException.class);
  }

  @Test
  void anotherLengthThanTheNameSaysIsAnError() throws IOException {
    byte[] stored = compress("lz4", HELLO);
    assertThatThrownBy(() -> decompress("lz4", stored, 47)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decompress("lz4", stored, 45)).isInstanceOf(IOException.class);
    byte[] frame = compress("zstd", HELLO);
    assertThatThrownBy(() -> decompress("zstd", frame, 47)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decompress("zstd", frame, 45)).isInstanceOf(IOException.class);
  }

  @Test
  void boundsAreThoseOfTheReference() {
    assertThat(Compressor.of("LZ4").bound(255)).isEqualTo(255 + 1 + 16);
    assertThat(Compressor.of("zstd").bound(4 << 20)).isEqualTo((4 << 20) + (4 << 12));
    assertThat(Compressor.of("").bound(9)).isEqualTo(9);
    assertThatThrownBy(() -> Compressor.of("gzip")).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] compress(String name, byte[] plain) throws IOException {
    Compressor compressor = Compressor.of(name);
    ByteBuffer stored = ByteBuffer.allocateDirect(compressor.bound(plain.length));
    compressor.compress(direct(plain), stored);
    return bytes(stored.flip());
  }

  private static byte[] decompress(String name, byte[] stored, int length) throws IOException {
    ByteBuffer plain = ByteBuffer.allocateDirect(length);
    Compressor.of(name).decompress(direct(stored), plain);
    return bytes(plain.flip());
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
