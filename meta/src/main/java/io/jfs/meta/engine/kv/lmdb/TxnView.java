package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.LocalKv;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/** The store as one transaction sees it. What it returns are copies. Confined to one thread. */
final class TxnView implements LocalKv, AutoCloseable {
  private static final byte[] NO_VALUE = {};

  private final Dbi<NativeBytes> dbi;
  private final Txn<NativeBytes> txn;
  private final NativeBytes key = new NativeBytes();
  private final NativeBytes value = new NativeBytes();

  TxnView(Dbi<NativeBytes> dbi, Txn<NativeBytes> txn) {
    this.dbi = dbi;
    this.txn = txn;
  }

  Txn<NativeBytes> txn() {
    return txn;
  }

  @Override
  public byte @Nullable [] get(byte[] atKey) {
    NativeBytes found = dbi.get(txn, key.set(atKey));
    return found == null ? null : found.toBytes();
  }

  @Override
  public List<KvPair> rows(KvQuery query) {
    if (query.isPoint()) {
      byte[] found = get(query.start());
      return found == null ? List.of() : List.of(new KvPair(query.start(), found, 0));
    }
    List<KvPair> rows = new ArrayList<>();
    try (Cursor<NativeBytes> cursor = dbi.openCursor(txn)) {
      boolean found = cursor.get(key.set(query.start()), GetOp.MDB_SET_RANGE);
      while (found && (query.limit() == 0 || rows.size() < query.limit())) {
        byte[] at = cursor.key().toBytes();
        if (query.isPast(at)) {
          break;
        }
        boolean wantsValue = query.wants() == KvQuery.Wants.KEYS_AND_VALUES;
        rows.add(new KvPair(at, wantsValue ? cursor.val().toBytes() : NO_VALUE, 0));
        found = cursor.next();
      }
    }
    return rows;
  }

  /** Carries out a write whose result was staged. */
  void apply(KvWrite write, @Nullable KvPair result) {
    if (result != null) {
      dbi.put(txn, key.set(result.key()), value.set(result.value()));
    } else if (write instanceof KvWrite.DeletePrefix range) {
      KvQuery doomed = KvQuery.prefix(range.prefix());
      for (KvPair row : rows(new KvQuery(doomed.start(), doomed.end(), 0, KvQuery.Wants.KEYS))) {
        delete(row.key());
      }
    } else if (write instanceof KvWrite.Delete delete) {
      delete(delete.key());
    } else if (write instanceof KvWrite.Edit edit) {
      delete(edit.key());
    }
  }

  private void delete(byte[] doomed) {
    dbi.delete(txn, key.set(doomed));
  }

  /** Ends the transaction (aborting it unless it was committed) and frees the key and value. */
  @Override
  public void close() {
    txn.close();
    key.close();
    value.close();
  }
}
