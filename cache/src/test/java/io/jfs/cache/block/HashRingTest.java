package io.jfs.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HashRingTest {
  /** What a mount of JuiceFS 1.4.2 with three cache folders had put into each. */
  @Test
  void placesBlocksLikeTheReference() throws IOException {
    List<String> ids = new ArrayList<>();
    Map<String, Integer> places = new LinkedHashMap<>();
    try (InputStream in = getClass().getResourceAsStream("juicefs-1.4.2-three-folders.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        if (line.startsWith("folder ")) {
          ids.add(line.substring("folder ".length()));
        } else {
          places.put(line, ids.size() - 1);
        }
      }
    }
    HashRing ring = HashRing.of(ids);
    assertThat(places).hasSize(300);
    places.forEach((name, place) -> assertThat(ring.find(name)).as(name).isEqualTo(place));
  }

  @Test
  void oneFolderHoldsAll() {
    HashRing ring = HashRing.of(List.of("x"));
    assertThat(ring.find("chunks/0/0/1_0_1")).isZero();
  }
}
