package io.jfs.meta.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FormatTest {
  private static final String STORED =
      """
      {
      "Name": "vnone",
      "UUID": "27ad6d81-34de-4d3b-8bc3-23a0690084ff",
      "Storage": "file",
      "Tiers": {
      "0": {
      "ID": 0,
      "StorageClass": "",
      "Tag": ""
      }
      },
      "Bucket": "/abs/vol/?a\\u0026b",
      "BlockSize": 4096,
      "Compression": "none",
      "EncryptAlgo": "aes256gcm-rsa",
      "TrashDays": 1,
      "MetaVersion": 1,
      "MinClientVersion": "1.1.0-A",
      "DirStats": true,
      "EnableACL": false,
      "Future": [
      1,
      2.5,
      null,
      {}
      ]
      }""";

  private static Format stored() {
    return FormatJson.parse(STORED.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void isRewrittenByteForByteWithUnknownMembers() {
    assertThat(new String(FormatJson.toBytes(stored()), StandardCharsets.UTF_8)).isEqualTo(STORED);
  }

  @Test
  void readsTypedMembers() {
    Format format = stored();
    assertThat(format.bucket()).isEqualTo("/abs/vol/?a&b");
    assertThat(format.blockSizeBytes()).isEqualTo(4 << 20);
    assertThat(format.trashDays()).isEqualTo(1);
    assertThat(format.dirStats()).isTrue();
  }

  @Test
  void newMembersComeWhereTheFormatWritesThem() {
    Format changed =
        stored().set("Capacity", 10L << 30).set("AccessKey", "ak").set("TrashDays", 0L);
    assertThat(changed.members().keySet())
        .containsSubsequence("Bucket", "AccessKey", "BlockSize")
        .containsSubsequence("Compression", "Capacity", "EncryptAlgo", "TrashDays");
    assertThat(changed.set("Capacity", 0L).members()).doesNotContainKey("Capacity");
    assertThat(changed.trashDays()).isZero();
  }

  @Test
  void keepsUnsigned64BitNumbers() {
    byte[] text = "{\"Capacity\": 18446744073709551615}".getBytes(StandardCharsets.UTF_8);
    assertThat(new String(FormatJson.toBytes(FormatJson.parse(text)), StandardCharsets.UTF_8))
        .isEqualTo("{\n\"Capacity\": 18446744073709551615\n}");
  }

  @Test
  void refusesWhatIsNotOneObject() {
    for (String text : new String[] {"", "[]", "{", "{} {}", "x"}) {
      assertThatThrownBy(() -> FormatJson.parse(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(CorruptRecordException.class);
    }
  }

  @Test
  void decryptsTheReferencesSecret() {
    Format format =
        stored()
            .with("SecretKey", "uTgU4p53/AqhhWihoH602vKhiPbh3t1k2ie1sMi7tDe88A==")
            .with("KeyEncrypted", true);
    assertThat(FormatSecrets.opened(format).text("SecretKey")).isEqualTo("s3cret");
  }

  @Test
  void decryptsTheReferencesSecretUnderSm4() {
    Format format =
        stored()
            .with("UUID", "69912ce6-defd-45bb-a72f-642d04c98cac")
            .with("EncryptAlgo", "sm4gcm")
            .with("SecretKey", "YVJh1phDjSxRNAvhQajDiytDc59nJODwm37/pX4vkm07ibqJgyW6IQ==")
            .with("KeyEncrypted", true);
    Format clear = FormatSecrets.opened(format);
    assertThat(clear.text("SecretKey")).isEqualTo("secretsecret");
    assertThat(FormatSecrets.opened(FormatSecrets.sealed(clear, new Random(1))).members())
        .isEqualTo(clear.members());
  }

  @Test
  void tiersAreReadAndSet() {
    Format old = stored().with("Tiers", null).set("StorageClass", "COLD");
    assertThat(StorageTier.of(old).values()).containsExactly(new StorageTier(0, "COLD", ""));
    Format two = new StorageTier(2, "COLDER", "a=b").addTo(old);
    assertThat(StorageTier.of(FormatJson.parse(FormatJson.toBytes(two))).values())
        .containsExactly(new StorageTier(0, "COLD", ""), new StorageTier(2, "COLDER", "a=b"));
    assertThat(two.text("StorageClass")).isEqualTo("COLD");
    assertThat(new StorageTier(0, "WARM", "").addTo(two).text("StorageClass")).isEqualTo("WARM");
    for (String tag : new String[] {"a", "=b", "a=b=c"}) {
      assertThatThrownBy(() -> new StorageTier(0, "", tag).requireValid())
          .hasMessageContaining(tag);
    }
  }

  @Test
  void sealsEachSecretAndOpensItAgain() {
    Format clear = stored().set("SecretKey", "a").set("SessionToken", "b");
    Format sealed = FormatSecrets.sealed(clear, new Random(1));
    assertThat(sealed.flag("KeyEncrypted")).isTrue();
    assertThat(sealed.text("SecretKey"))
        .isNotEqualTo("a")
        .isNotEqualTo(sealed.text("SessionToken"));
    assertThat(FormatSecrets.opened(sealed).members()).isEqualTo(clear.members());
    assertThat(FormatSecrets.sealed(stored(), new Random(1)).members())
        .doesNotContainKey("KeyEncrypted");
  }

  @Test
  void strippedOrForeignSecretsSaySo() {
    Format format = stored().with("SecretKey", "removed").with("KeyEncrypted", true);
    assertThatThrownBy(() -> FormatSecrets.opened(format))
        .hasMessageContaining("must be set again");
    Format sealed = FormatSecrets.sealed(stored().set("SecretKey", "a"), new Random(1));
    assertThatThrownBy(() -> FormatSecrets.opened(sealed.with("UUID", "other")))
        .hasMessageContaining("does not decrypt");
    assertThat(FormatJson.toDisplay(sealed)).contains("  \"SecretKey\": \"removed\"");
  }

  @Test
  void namesAndSizesAreChecked() throws FormatException {
    FormatRules.requireValid(stored());
    for (String name : new String[] {"", "ab", "Abc", "-abc", "abc-", "a_b", "a".repeat(64)}) {
      assertThatThrownBy(() -> FormatRules.requireValid(stored().with("Name", name)))
          .hasMessageContaining("invalid name: \"" + name + "\"");
    }
    for (long kib : new long[] {0, 63, 100, 32768}) {
      assertThatThrownBy(() -> FormatRules.requireValid(stored().with("BlockSize", kib)))
          .hasMessageContaining("invalid block size");
    }
    assertThatThrownBy(() -> FormatRules.requireValid(stored().with("Compression", "gzip")))
        .hasMessage("Unsupported compress algorithm: \"gzip\"");
  }

  @Test
  void fixedMembersCannotChange() {
    assertThatThrownBy(
            () -> FormatRules.requireCompatible(stored(), stored().with("Name", "other")))
        .hasMessage("cannot update volume name from vnone to other");
    assertThatThrownBy(
            () -> FormatRules.requireCompatible(stored(), stored().with("HashPrefix", true)))
        .hasMessage("cannot update hash prefix from false to true");
  }

  @Test
  void versionsCompareAsTheReferenceCompares() {
    assertThat(ClientVersion.parse("1.1.0-A")).isLessThan(ClientVersion.parse("1.1.0"));
    assertThat(ClientVersion.parse("1.1.0-A")).isLessThan(ClientVersion.parse("1.1.0-B"));
    assertThat(ClientVersion.parse("1.10.0")).isGreaterThan(ClientVersion.parse("1.9.9"));
    assertThat(ClientVersion.parse("1.4.2+2026-10-26.x")).isEqualTo(ClientVersion.COMPATIBLE);
    assertThat(ClientVersion.parse(ClientVersion.PRESENTED)).isEqualTo(ClientVersion.COMPATIBLE);
  }

  @Test
  void volumesShutVersionsOut() throws FormatException {
    FormatRules.requireUsable(stored(), ClientVersion.COMPATIBLE);
    assertThatThrownBy(
            () ->
                FormatRules.requireUsable(
                    stored().with("MinClientVersion", "1.5.0-A"), ClientVersion.COMPATIBLE))
        .hasMessage("allowed minimum version: 1.5.0-A; please upgrade the client");
    assertThatThrownBy(
            () ->
                FormatRules.requireUsable(
                    stored().with("MaxClientVersion", "1.4.1"), ClientVersion.COMPATIBLE))
        .hasMessage("allowed maximum version: 1.4.1; please use an older client");
    assertThatThrownBy(
            () ->
                FormatRules.requireUsable(
                    stored().with("MetaVersion", 2L), ClientVersion.COMPATIBLE))
        .hasMessageContaining("incompatible metadata version: 2");
  }

  @Test
  void featuresRaiseTheLeastVersion() throws FormatException {
    assertThat(FormatRules.withNeededClient(stored()).text("MinClientVersion"))
        .isEqualTo("1.1.0-A");
    assertThat(
            FormatRules.withNeededClient(stored().set("EnableACL", true)).text("MinClientVersion"))
        .isEqualTo("1.2.0-A");
    Map<String, Object> tiers = Map.of("0", Map.of(), "1", Map.of());
    assertThat(FormatRules.withNeededClient(stored().with("Tiers", tiers)).text("MinClientVersion"))
        .isEqualTo("1.4.0-A");
  }
}
