package io.jfs.meta.txn;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.record.Records;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes chained refs apart: one definition of what {@link Ref.OfAttrBehind} stands for. */
public final class RefChains {
  private RefChains() {}

  /** The entry that a chain starts with. */
  public static Ref.OfField<?, ?, ?> dentry(Ref.OfAttrBehind chain) {
    return new Ref.OfField<>(Records.DENTRY, chain.parent(), chain.name());
  }

  /** The attributes that it ends with, given the entry; null if there is no entry. */
  public static Ref.@Nullable OfCell<?, ?> attr(Observed dentry) {
    return dentry.value() instanceof Dentry d ? new Ref.OfCell<>(Records.ATTR, d.ino()) : null;
  }

  /**
   * Answers a chain from single reads into {@code answer}; false (and nothing put) if one of them
   * is not known.
   */
  public static boolean answer(
      Ref.OfAttrBehind chain, Function<Ref, @Nullable Observed> read, Map<Ref, Observed> answer) {
    Ref first = dentry(chain);
    Observed entry = read.apply(first);
    if (entry == null) {
      return false;
    }
    Ref second = attr(entry);
    Observed attr = second == null ? null : read.apply(second);
    if (second != null && attr == null) {
      return false;
    }
    answer.put(first, entry);
    if (second != null && attr != null) {
      answer.put(second, attr);
    }
    return true;
  }
}
