package io.jfs.vfs.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Errno;
import io.jfs.vfs.handle.HandleTable.Handle;
import io.jfs.vfs.handle.HandleTable.Parity;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandleTableTest {
  private record Numbered(long number) implements Handle {}

  private record Other(long number) implements Handle {}

  private final HandleTable table = new HandleTable();

  @Test
  void givesEvenAndOddNumbers() {
    assertThat(table.add(Parity.EVEN, Numbered::new).number() % 2).isZero();
    assertThat(table.add(Parity.ODD, Numbered::new).number() % 2).isEqualTo(1);
  }

  @Test
  void findsOnlyWhatIsOpenAndOfTheRightKind() throws Exception {
    Numbered handle = table.add(Parity.ODD, Numbered::new);
    assertThat(table.require(handle.number(), Numbered.class)).isSameAs(handle);
    assertThatThrownBy(() -> table.require(handle.number(), Other.class))
        .isSameAs(Errno.EBADF.exception());
    assertThat(table.remove(handle.number())).isTrue();
    assertThat(table.remove(handle.number())).isFalse();
    assertThatThrownBy(() -> table.require(handle.number(), Numbered.class))
        .isSameAs(Errno.EBADF.exception());
    assertThat(table.find(-1)).isNull();
    assertThat(table.find(1L << 40)).isNull();
  }

  @Test
  void neverGivesANumberTwiceAtATime() {
    Set<Long> open = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      long number = table.add(Parity.EVEN, Numbered::new).number();
      assertThat(open.add(number)).isTrue();
      if (i % 3 == 0) {
        assertThat(table.remove(number)).isTrue();
        open.remove(number);
      }
    }
    assertThat(table.size()).isEqualTo(open.size());
  }

  @Test
  void doesNotGiveANumberAgainAtOnce() {
    long number = table.add(Parity.EVEN, Numbered::new).number();
    assertThat(table.remove(number)).isTrue();
    assertThat(table.add(Parity.EVEN, Numbered::new).number()).isNotEqualTo(number);
  }
}
