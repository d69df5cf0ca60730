package io.jfs.meta.txn;

import io.jfs.meta.record.Cell;

/** Which place a mutation changes, as the ref under which a read would remember it. */
public final class MutationPlaces {
  private MutationPlaces() {}

  /** The place. */
  public static Ref of(Mutation mutation) {
    if (mutation instanceof Mutation.Put<?, ?> m) {
      return cell(m.cell(), m.key());
    }
    if (mutation instanceof Mutation.Delete<?, ?> m) {
      return cell(m.cell(), m.key());
    }
    if (mutation instanceof Mutation.PutField<?, ?, ?> m) {
      return new Ref.OfField<>(cast(m.table()), (Object) m.key(), (Object) m.field());
    }
    if (mutation instanceof Mutation.RemoveField<?, ?, ?> m) {
      return new Ref.OfField<>(cast(m.table()), (Object) m.key(), (Object) m.field());
    }
    if (mutation instanceof Mutation.Clear<?, ?, ?> m) {
      return new Ref.OfRows<>(cast(m.table()), (Object) m.key());
    }
    if (mutation instanceof Mutation.Append<?, ?> m) {
      return new Ref.OfLog<>(cast(m.log()), (Object) m.key());
    }
    if (mutation instanceof Mutation.ReplaceHead<?, ?> m) {
      return new Ref.OfLog<>(cast(m.log()), (Object) m.key());
    }
    if (mutation instanceof Mutation.SetLog<?, ?> m) {
      return new Ref.OfLog<>(cast(m.log()), (Object) m.key());
    }
    if (mutation instanceof Mutation.DeleteLog<?, ?> m) {
      return new Ref.OfLog<>(cast(m.log()), (Object) m.key());
    }
    if (mutation instanceof Mutation.Add<?> m) {
      return new Ref.OfCounter<>(cast(m.counter()), (Object) m.key());
    }
    if (mutation instanceof Mutation.AddIfPresent<?> m) {
      return new Ref.OfCounter<>(cast(m.counter()), (Object) m.key());
    }
    if (mutation instanceof Mutation.SetCounter<?> m) {
      return new Ref.OfCounter<>(cast(m.counter()), (Object) m.key());
    }
    if (mutation instanceof Mutation.DeleteCounter<?> m) {
      return new Ref.OfCounter<>(cast(m.counter()), (Object) m.key());
    }
    throw new AssertionError(mutation);
  }

  private static Ref cell(Cell<?, ?> cell, Object key) {
    return new Ref.OfCell<>(cast(cell), key);
  }

  // A ref only carries the constant as an identity; its type arguments do not matter to equality.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T cast(Object constant) {
    return (T) constant;
  }
}
