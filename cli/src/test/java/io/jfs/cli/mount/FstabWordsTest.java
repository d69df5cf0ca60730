package io.jfs.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.cli.option.CacheOptions;
import io.jfs.cli.option.FuseOptions;
import io.jfs.cli.option.MetaOptions;
import io.jfs.cli.option.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Command-line spec 3.10. */
final class FstabWordsTest {
  private final FstabWords words =
      new FstabWords(
          List.of(
              FuseOptions.GROUP, MetaOptions.GROUP, MetaOptions.CACHE_GROUP, CacheOptions.GROUP));

  @Test
  void theSpecsExample() throws Exception {
    assertThat(
            words.translate(
                List.of(
                    "META",
                    "/mnt",
                    "-o",
                    "rw,_netdev,nofail,cache-size=1G,attrcacheto=2,entrycacheto=3,enable-xattr,"
                        + "allow_other,max_read=4096")))
        .containsExactly(
            "META",
            "/mnt",
            "--cache-size=1G",
            "--attr-cache=2",
            "--entry-cache=3",
            "--enable-xattr",
            "-o",
            "allow_other,max_read=4096");
  }

  @Test
  void nothingToPassOn() throws Exception {
    assertThat(words.translate(List.of("META", "/mnt", "-o", "defaults")))
        .containsExactly("META", "/mnt");
  }

  @Test
  void missingValue() {
    assertThatThrownBy(() -> words.translate(List.of("-o", "cache-size")))
        .isInstanceOf(UsageException.class)
        .hasMessage("option cache-size requires a value");
  }
}
