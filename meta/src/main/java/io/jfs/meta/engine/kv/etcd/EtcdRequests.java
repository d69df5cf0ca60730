package io.jfs.meta.engine.kv.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says queries, checks and changes of one volume in etcd's words, and understands its answers. */
final class EtcdRequests {
  private final byte[] prefix;

  EtcdRequests(byte[] prefix) {
    this.prefix = prefix;
  }

  ByteString key(byte[] key) {
    byte[] whole = Arrays.copyOf(prefix, prefix.length + key.length);
    System.arraycopy(key, 0, whole, prefix.length, key.length);
    return UnsafeByteOperations.unsafeWrap(whole);
  }

  private static ByteString value(byte[] value) {
    return UnsafeByteOperations.unsafeWrap(value);
  }

  RequestOp range(KvQuery query, long revision) {
    RangeRequest.Builder range =
        RangeRequest.newBuilder()
            .setKey(key(query.start()))
            .setLimit(query.limit())
            .setRevision(revision)
            .setKeysOnly(query.wants() == KvQuery.Wants.KEYS);
    byte[] end = query.end();
    if (end != null) {
      range.setRangeEnd(key(end));
    }
    return RequestOp.newBuilder().setRequestRange(range).build();
  }

  RequestOp put(byte[] key, byte[] newValue) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key(key)).setValue(value(newValue)))
        .build();
  }

  RequestOp delete(byte[] key) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key(key)))
        .build();
  }

  RequestOp deleteRange(byte[] start, byte[] end) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder().setKey(key(start)).setRangeEnd(key(end)))
        .build();
  }

  /** Everything of the volume. */
  RequestOp deleteAll() {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder()
                .setKey(key(new byte[0]))
                .setRangeEnd(UnsafeByteOperations.unsafeWrap(afterPrefix())))
        .build();
  }

  private byte[] afterPrefix() {
    byte[] end = prefix.clone();
    end[end.length - 1]++; // the prefix ends with 0xFD
    return end;
  }

  /** A key is as it was seen; absent keys have revision 0. */
  Compare unchanged(byte[] key, @Nullable KvPair seen) {
    return Compare.newBuilder()
        .setKey(key(key))
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(seen == null ? 0 : seen.revision())
        .build();
  }

  List<Compare> compares(KvCheck check) {
    if (check instanceof KvCheck.SameValue same) {
      return List.of(unchanged(same.key(), same.seen()));
    }
    if (check instanceof KvCheck.SamePart part) {
      return List.of(unchanged(part.key(), part.seen()));
    }
    if (check instanceof KvCheck.SameRows rows) {
      return sameRows(rows);
    }
    if (check instanceof KvCheck.NotEmpty some) {
      return List.of(
          Compare.newBuilder()
              .setKey(key(some.witness()))
              .setTarget(Compare.CompareTarget.VERSION)
              .setResult(Compare.CompareResult.GREATER)
              .setVersion(0)
              .build());
    }
    return List.of(noneSince(check.query(), 0));
  }

  /** Every row is still there, and nothing in the range is younger than the read. */
  private List<Compare> sameRows(KvCheck.SameRows rows) {
    List<Compare> compares = new ArrayList<>();
    for (KvPair row : rows.seen().rows()) {
      compares.add(unchanged(row.key(), row));
    }
    compares.add(
        noneSince(rows.query(), rows.seen().rows().isEmpty() ? 0 : rows.seen().revision()));
    return compares;
  }

  /** No key of a range was changed after a revision; after 0: there is none. */
  private Compare noneSince(KvQuery range, long revision) {
    Compare.Builder compare =
        Compare.newBuilder()
            .setKey(key(range.start()))
            .setRangeEnd(key(range.end() == null ? range.start() : range.end()));
    return revision == 0
        ? compare
            .setTarget(Compare.CompareTarget.CREATE)
            .setResult(Compare.CompareResult.EQUAL)
            .setCreateRevision(0)
            .build()
        : compare
            .setTarget(Compare.CompareTarget.MOD)
            .setResult(Compare.CompareResult.LESS)
            .setModRevision(revision + 1)
            .build();
  }

  KvRows rows(ResponseOp answer, long revision) {
    List<KeyValue> kvs = answer.getResponseRange().getKvsList();
    List<KvPair> rows = new ArrayList<>(kvs.size());
    for (KeyValue kv : kvs) {
      byte[] key = kv.getKey().substring(prefix.length).toByteArray();
      rows.add(new KvPair(key, kv.getValue().toByteArray(), kv.getModRevision()));
    }
    return new KvRows(rows, revision);
  }
}
