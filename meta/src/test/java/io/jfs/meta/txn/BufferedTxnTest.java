package io.jfs.meta.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Records;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BufferedTxnTest {
  private static final Ino DIR = new Ino(2);
  private static final Name A = Name.of("a");
  private static final Name B = Name.of("b");
  private static final Dentry FILE = new Dentry(FileType.REGULAR, new Ino(3));

  private final ScriptedEngine engine = new ScriptedEngine();
  private final BufferedTxn txn =
      new BufferedTxn(new RememberedReads(16, System::nanoTime).fresh(engine, Map.of()));

  @Test
  void readsItsOwnWritesWithoutAsking() {
    txn.put(Records.SYMLINK, DIR, new byte[] {1});
    assertThat(txn.get(Records.SYMLINK, DIR)).containsExactly(1);
    txn.delete(Records.SYMLINK, DIR);
    assertThat(txn.get(Records.SYMLINK, DIR)).isNull();
    assertThat(engine.fetches).isEmpty();
  }

  @Test
  void observesWhatItReadAndNothingElse() {
    engine.values.put(new Ref.OfField<>(Records.DENTRY, DIR, A), FILE);
    assertThat(txn.get(Records.DENTRY, DIR, A)).isEqualTo(FILE);
    assertThat(txn.get(Records.DENTRY, DIR, B)).isNull();
    assertThat(txn.commit().observations())
        .containsOnlyKeys(
            new Ref.OfField<>(Records.DENTRY, DIR, A), new Ref.OfField<>(Records.DENTRY, DIR, B));
  }

  @Test
  void prefetchTakesOneRoundTripForAChainAndItsAttr() {
    engine.values.put(new Ref.OfField<>(Records.DENTRY, DIR, A), FILE);
    txn.prefetch(new Ref.OfCell<>(Records.ATTR, DIR), new Ref.OfAttrBehind(DIR, A));
    assertThat(txn.get(Records.DENTRY, DIR, A)).isEqualTo(FILE);
    assertThat(txn.get(Records.ATTR, FILE.ino())).isNull();
    assertThat(engine.fetches).hasSize(1);
  }

  @Test
  void emptinessSeesPendingFields() {
    assertThat(txn.isEmpty(Records.DENTRY, DIR)).isTrue();
    txn.put(Records.DENTRY, DIR, A, FILE);
    assertThat(txn.isEmpty(Records.DENTRY, DIR)).isFalse();
    txn.clear(Records.DENTRY, DIR);
    assertThat(txn.isEmpty(Records.DENTRY, DIR)).isTrue();
    assertThat(txn.get(Records.DENTRY, DIR, A)).isNull();
  }

  @Test
  void aFieldPutAfterAClearStandsBehindIt() {
    txn.put(Records.DENTRY, DIR, A, FILE);
    txn.clear(Records.DENTRY, DIR);
    txn.put(Records.DENTRY, DIR, B, FILE);
    List<Mutation> mutations = txn.commit().mutations();
    assertThat(mutations).hasSize(2);
    assertThat(mutations.get(0)).isInstanceOf(Mutation.Clear.class);
    assertThat(txn.rows(Records.DENTRY, DIR)).containsOnlyKeys(B);
  }

  @Test
  void rowsLayWritesOverWhatIsStored() {
    engine.values.put(
        new Ref.OfRows<>(Records.PARENT, DIR), Map.of(new Ino(7), 1L, new Ino(8), 2L));
    txn.remove(Records.PARENT, DIR, new Ino(7));
    txn.put(Records.PARENT, DIR, new Ino(9), 5L);
    assertThat(txn.rows(Records.PARENT, DIR))
        .containsOnly(Map.entry(new Ino(8), 2L), Map.entry(new Ino(9), 5L));
  }

  @Test
  void appendsAreMergedInOrderAndSeen() {
    ChunkKey chunk = new ChunkKey(DIR, 0);
    Slice stored = new Slice(0, 1, 10, 0, 10);
    Slice first = new Slice(10, 2, 10, 0, 10);
    Slice second = Slice.hole(20, 5);
    engine.values.put(new Ref.OfLog<>(Records.CHUNK, chunk), List.of(stored));
    txn.append(Records.CHUNK, chunk, List.of(first));
    txn.append(Records.CHUNK, chunk, List.of(second));
    assertThat(txn.read(Records.CHUNK, chunk)).containsExactly(stored, first, second);
    assertThat(txn.commit().mutations())
        .containsExactly(new Mutation.Append<>(Records.CHUNK, chunk, List.of(first, second)));
  }

  @Test
  void replacingAHeadNeedsAReadAndKeepsTheTail() {
    ChunkKey chunk = new ChunkKey(DIR, 0);
    Slice old = new Slice(0, 1, 10, 0, 10);
    Slice tail = new Slice(5, 2, 10, 0, 10);
    Slice compacted = new Slice(0, 3, 10, 0, 10);
    engine.values.put(new Ref.OfLog<>(Records.CHUNK, chunk), List.of(old, tail));
    assertThatThrownBy(() -> txn.replaceHead(Records.CHUNK, chunk, 1, List.of(compacted)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(txn.read(Records.CHUNK, chunk)).hasSize(2);
    txn.replaceHead(Records.CHUNK, chunk, 1, List.of(compacted));
    assertThat(txn.read(Records.CHUNK, chunk)).containsExactly(compacted, tail);
  }

  @Test
  void additionsAreSummedWithoutAReadAndLaidOverWhatIsStored() {
    txn.add(Records.DIR_STAT, DIR, 1, 2, 3);
    txn.add(Records.DIR_STAT, DIR, 10, 20, 30);
    assertThat(engine.fetches).isEmpty();
    engine.values.put(new Ref.OfCounter<>(Records.DIR_STAT, DIR), new long[] {100, 200, 300});
    assertThat(txn.get(Records.DIR_STAT, DIR)).containsExactly(111, 222, 333);
    assertThat(((Mutation.Add<?>) txn.commit().mutations().get(0)).deltas())
        .containsExactly(11, 22, 33);
  }

  @Test
  void addingToASetCounterChangesWhatIsSet() {
    txn.set(Records.DIR_STAT, DIR, 1, 1, 1);
    txn.addIfPresent(Records.DIR_STAT, DIR, 2, 2, 2);
    assertThat(txn.get(Records.DIR_STAT, DIR)).containsExactly(3, 3, 3);
    txn.delete(Records.DIR_STAT, DIR);
    txn.addIfPresent(Records.DIR_STAT, DIR, 2, 2, 2);
    assertThat(txn.get(Records.DIR_STAT, DIR)).isNull();
  }

  @Test
  void chunkIndexesAreReadButNotValidated() {
    engine.values.put(new Ref.OfChunkIndexes(Records.CHUNK, DIR, 0, 9), List.of(1, 4));
    assertThat(txn.chunkIndexes(Records.CHUNK, DIR, 0, 9)).containsExactly(1, 4);
    assertThat(txn.commit().observations()).isEmpty();
  }
}
