package io.jfs.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandLineParserTest {
  private final CommandLineParser parser =
      new CommandLineParser(
          List.of(
              ServiceOptions.GROUP, CacheOptions.GROUP, FuseOptions.GROUP, GlobalOptions.GROUP));

  @Test
  void optionsStandAnywhere() throws Exception {
    var parsed =
        parser.parse(List.of("-d", "META", "--cache-size", "1G", "/mnt", "--debug", "-o", "ro"));
    assertThat(parsed.arguments()).containsExactly("META", "/mnt");
    assertThat(parsed.options().get(ServiceOptions.BACKGROUND)).isTrue();
    assertThat(parsed.options().get(GlobalOptions.VERBOSE)).isTrue();
    assertThat(parsed.options().get(CacheOptions.CACHE_SIZE)).isEqualTo(1L << 30);
    assertThat(parsed.options().get(FuseOptions.MOUNT_OPTIONS)).isEqualTo("ro");
  }

  @Test
  void oneDashOrTwo() throws Exception {
    var parsed = parser.parse(List.of("-cache-size=2G", "--d", "--o", "ro"));
    assertThat(parsed.options().get(CacheOptions.CACHE_SIZE)).isEqualTo(2L << 30);
    assertThat(parsed.options().get(ServiceOptions.BACKGROUND)).isTrue();
    assertThat(parsed.options().get(FuseOptions.MOUNT_OPTIONS)).isEqualTo("ro");
  }

  @Test
  void flagsCanBeSwitchedOff() throws Exception {
    var parsed = parser.parse(List.of("--enable-xattr=false", "--writeback"));
    assertThat(parsed.options().get(FuseOptions.ENABLE_XATTR)).isFalse();
    assertThat(parsed.options().get(CacheOptions.WRITEBACK)).isTrue();
  }

  @Test
  void theLastOneWins() throws Exception {
    var parsed = parser.parse(List.of("--buffer-size", "1G", "--buffer-size", "64"));
    assertThat(parsed.options().get(CacheOptions.BUFFER_SIZE)).isEqualTo(64L << 20);
    assertThat(parsed.options().has(CacheOptions.BUFFER_SIZE)).isTrue();
    assertThat(parsed.options().has(CacheOptions.CACHE_SIZE)).isFalse();
  }

  @Test
  void negativeValues() throws Exception {
    var parsed = parser.parse(List.of("--cache-scan-interval", "-1s"));
    assertThat(parsed.options().get(CacheOptions.CACHE_SCAN_INTERVAL)).isNegative();
  }

  @Test
  void everyDefaultParses() throws Exception {
    var parsed = parser.parse(List.of());
    for (OptionGroup group :
        List.of(
            ServiceOptions.GROUP,
            FuseOptions.GROUP,
            MetaOptions.GROUP,
            MetaOptions.CACHE_GROUP,
            StorageOptions.GROUP,
            CacheOptions.GROUP,
            MetricsOptions.GROUP)) {
      for (Option<?> option : group.options()) {
        assertThat((Object) parsed.options().get(option)).as(option.name()).isNotNull();
      }
    }
    for (OptionGroup group : FormatOptions.GROUPS) {
      group.options().forEach(o -> assertThat((Object) parsed.options().get(o)).isNotNull());
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThatThrownBy(() -> parser.parse(List.of("--nonsense")))
        .isInstanceOf(UsageException.class)
        .hasMessage("unknown option: \"--nonsense\"");
    assertThatThrownBy(() -> parser.parse(List.of("--cache-size", "much")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--cache-size");
    assertThatThrownBy(() -> parser.parse(List.of("--cache-size")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--cache-size");
    assertThatThrownBy(() -> parser.parse(List.of("--free-space-ratio", "1.1")))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> parser.parse(List.of("--cache-mode", "0799")))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> parser.parse(List.of("--fuse", "magic")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("kernel, jnr");
  }
}
