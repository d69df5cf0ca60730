package io.jfs.chunk.object.ceph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.KeyOrder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OrderedNamesTest {
  private final List<String> stored = new ArrayList<>();
  private final AtomicInteger walks = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();

  private OrderedNames names(int window) {
    return new OrderedNames(
        visitor -> {
          walks.incrementAndGet();
          stored.forEach(visitor);
        },
        window,
        nanos::get);
  }

  private static List<String> all(OrderedNames names, String prefix, int limit) throws IOException {
    List<String> found = new ArrayList<>();
    String after = "";
    for (; ; ) {
      List<String> page = names.page(prefix, after, limit);
      if (page.isEmpty()) {
        return found;
      }
      assertThat(page.size()).isLessThanOrEqualTo(limit);
      found.addAll(page);
      after = found.get(found.size() - 1);
    }
  }

  @Test
  void pagesAreSortedCompleteAndTakeFewWalks() throws IOException {
    Random random = new Random(7);
    TreeSet<String> wanted = new TreeSet<>(KeyOrder.INSTANCE);
    for (int i = 0; i < 1000; i++) {
      String name = "chunks/" + random.nextInt(100_000) + "_0_" + (char) (0x80 + i % 3000);
      stored.add(name);
      wanted.add(name);
      stored.add("other/" + i);
    }
    stored.addAll(stored.subList(0, 50)); // told twice while placement groups split
    Collections.shuffle(stored, random);
    assertThat(all(names(300), "chunks/", 64)).containsExactlyElementsOf(wanted);
    assertThat(walks.get()).isLessThanOrEqualTo(5);
    for (int window : new int[] {1, 2, 999, 1000, 1001, 100_000}) {
      assertThat(all(names(window), "chunks/", 64)).containsExactlyElementsOf(wanted);
    }
  }

  @Test
  void aPageThatBeginsAnywhereStartsBehindItsMarker() throws IOException {
    stored.addAll(List.of("b", "a-b", "a/d/c", "a0", "a/b-c", "ab"));
    OrderedNames names = names(10);
    assertThat(names.page("a", "a/b-c", 2)).containsExactly("a/d/c", "a0");
    assertThat(names.page("a/d", "a/c", 2)).containsExactly("a/d/c");
    assertThat(names.page("a", "b", 2)).isEmpty();
    assertThat(names.page("zz", "", 2)).isEmpty();
  }

  @Test
  void aListingThatBeginsAnewSeesWhatIsNew() throws IOException {
    stored.addAll(List.of("a", "b"));
    OrderedNames names = names(10);
    assertThat(names.page("", "", 1)).containsExactly("a");
    stored.add("0");
    assertThat(names.page("", "", 1)).containsExactly("0");
  }

  @Test
  void whatIsRememberedOfAListingIsForgottenInTime() throws IOException {
    stored.addAll(List.of("a", "c"));
    OrderedNames names = names(10);
    assertThat(names.page("", "", 1)).containsExactly("a");
    stored.add("b");
    nanos.addAndGet(Duration.ofMinutes(10).toNanos());
    assertThat(names.page("", "a", 9)).containsExactly("b", "c");
  }

  @Test
  void manyListingsAtOnceKeepTheirPlaces() throws IOException {
    for (int i = 0; i < 100; i++) {
      stored.add("p" + i % 10 + "/" + (char) ('a' + i / 10));
    }
    OrderedNames names = names(1000);
    for (int round = 0; round < 10; round++) {
      for (int p = 0; p < 10; p++) {
        String before = round == 0 ? "" : "p" + p + "/" + (char) ('a' + round - 1);
        assertThat(names.page("p" + p + "/", before, 1))
            .containsExactly("p" + p + "/" + (char) ('a' + round));
      }
    }
  }

  @Test
  void aWalkThatFailsIsNoListing() {
    OrderedNames names =
        new OrderedNames(
            visitor -> {
              visitor.accept("a");
              throw new IOException("timed out");
            },
            10,
            nanos::get);
    assertThatThrownBy(() -> names.page("", "", 10)).hasMessage("timed out");
  }
}
