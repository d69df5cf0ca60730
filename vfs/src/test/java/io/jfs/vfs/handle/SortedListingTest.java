package io.jfs.vfs.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.txn.Page;
import io.jfs.vfs.VfsConfig.ListingOrder;
import io.jfs.vfs.attr.ChangeStamps;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** --sort-dir over an engine without an order, which may tell a name twice, as Redis' HSCAN. */
final class SortedListingTest {
  private int asked;

  private static List<DirEntry> rows(int count) {
    List<DirEntry> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Name name = Name.of("f" + i);
      rows.add(new DirEntry(name, new Dentry(FileType.REGULAR, new Ino(10 + i)), null));
    }
    return rows;
  }

  /** Pages of {@code size} rows each, whatever is asked for. */
  private Meta meta(List<DirEntry> rows, int size) {
    return (Meta)
        Proxy.newProxyInstance(
            Meta.class.getClassLoader(),
            new Class<?>[] {Meta.class},
            (proxy, method, args) -> {
              if (method.getName().equals("entriesPerRequest")) {
                return 100;
              }
              assertThat(method.getName()).isEqualTo("readdir");
              asked++;
              int from = args[2] == null ? 0 : (int) args[2];
              int to = Math.min(from + size, rows.size());
              Object next = to == rows.size() ? null : (Object) to;
              return new Page<>(rows.subList(from, to), next);
            });
  }

  private static List<String> all(Listing listing) throws Exception {
    List<String> names = new ArrayList<>();
    int page = 0;
    do {
      listing.load(Caller.ROOT, page, false);
      for (int row = 0; row < listing.size(); row++) {
        names.add(listing.row(row).name().toString());
      }
      page++;
    } while (!listing.isLast());
    return names;
  }

  private Listing listing(List<DirEntry> rows, int size, ListingOrder order) {
    return new Listing(meta(rows, size), new Ino(2), new ChangeStamps(), order);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 31, 33, 1000, 5000, 9000})
  void sortsByName(int count) throws Exception {
    List<DirEntry> rows = rows(count);
    List<String> sorted = rows.stream().map(row -> row.name().toString()).sorted().toList();
    Collections.shuffle(rows, new Random(count));
    List<DirEntry> told = new ArrayList<>(rows);
    if (count > 700) {
      told.add(700, rows.get(0));
    }
    assertThat(all(listing(told, 500, ListingOrder.SORTED))).isEqualTo(sorted);
  }

  @Test
  void leavesTheOrderOfTheEngineUnlessAsked() throws Exception {
    List<DirEntry> rows = rows(40);
    Collections.reverse(rows);
    List<String> stored = rows.stream().map(row -> row.name().toString()).toList();
    assertThat(all(listing(rows, 500, ListingOrder.STORED))).isEqualTo(stored);
  }

  @Test
  void readsAnEngineWithAnOrderOnceOnly() throws Exception {
    List<DirEntry> rows = rows(5000);
    rows.sort((a, b) -> a.name().compareTo(b.name()));
    assertThat(all(listing(rows, 500, ListingOrder.SORTED))).hasSize(5000).isSorted();
    assertThat(asked).isEqualTo(10);
  }

  @Test
  void goesBackWithoutAskingAgain() throws Exception {
    List<DirEntry> rows = rows(9000);
    Collections.shuffle(rows, new Random(1));
    Listing listing = listing(rows, 500, ListingOrder.SORTED);
    List<String> names = all(listing);
    int before = asked;
    assertThat(listing.hasAll()).isTrue();
    assertThat(all(listing)).isEqualTo(names);
    assertThat(asked).isEqualTo(before);
  }
}
