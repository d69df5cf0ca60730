package io.jfs.vfs.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Slice;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkViewTest {
  @Test
  void showsTheLaterOfTwoOverlappingSlices() {
    ChunkView view =
        ChunkView.of(List.of(new Slice(0, 8, 100, 0, 100), new Slice(20, 9, 10, 0, 10)));

    assertThat(view.size()).isEqualTo(3);
    assertThat(view.piece(0)).isEqualTo(new Slice(0, 8, 100, 0, 20));
    assertThat(view.piece(1)).isEqualTo(new Slice(20, 9, 10, 0, 10));
    assertThat(view.piece(2)).isEqualTo(new Slice(30, 8, 100, 30, 70));
  }

  @Test
  void showsNothingWhereAHoleWasLaid() {
    // the reference's truncate to 50, then up to 200 (data spec 4.1)
    ChunkView view =
        ChunkView.of(
            List.of(
                new Slice(0, 8, 100, 0, 100),
                new Slice(50, 0, 0, 0, 50),
                new Slice(50, 0, 0, 0, 150)));

    assertThat(view.size()).isEqualTo(1);
    assertThat(view.piece(0)).isEqualTo(new Slice(0, 8, 100, 0, 50));
  }

  @Test
  void findsThePieceThatEndsBehindAPosition() {
    ChunkView view = ChunkView.of(List.of(new Slice(10, 1, 5, 0, 5), new Slice(20, 2, 5, 0, 5)));

    assertThat(view.firstEndingBehind(0)).isZero();
    assertThat(view.firstEndingBehind(14)).isZero();
    assertThat(view.firstEndingBehind(15)).isEqualTo(1);
    assertThat(view.firstEndingBehind(24)).isEqualTo(1);
    assertThat(view.firstEndingBehind(25)).isEqualTo(2);
  }

  @Property(tries = 300)
  void showsEveryByteAsTheLastWriterLeftIt(
      @ForAll @Size(max = 30) List<@IntRange(max = 99) Integer> places,
      @ForAll @IntRange(min = 1, max = 40) int length) {
    long[] model = new long[200];
    List<Slice> written = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      long id = i % 4 == 3 ? 0 : i + 1;
      written.add(new Slice(places.get(i), id, length, 0, length));
      for (int j = 0; j < length; j++) {
        model[places.get(i) + j] = id == 0 ? 0 : id << 32 | j;
      }
    }
    long[] shown = new long[200];
    ChunkView view = ChunkView.of(written);
    for (int i = 0; i < view.size(); i++) {
      Slice piece = view.piece(i);
      for (int j = 0; j < piece.len(); j++) {
        shown[piece.pos() + j] = piece.id() << 32 | (piece.off() + j);
      }
    }
    assertThat(shown).isEqualTo(model);
  }
}
