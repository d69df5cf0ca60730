package io.jfs.meta.background;

import io.jfs.meta.Operations;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Lease;
import java.time.Duration;

/** Which client does a job that one at a time is enough for. Metadata spec 7.1. */
public final class Leases {
  private final Operations operations;

  /** Leases of the volume. */
  public Leases(Operations operations) {
    this.operations = operations;
  }

  /** Takes a job, unless somebody took it less than {@code span} ago. */
  public boolean take(Lease lease, Duration span) throws FsException {
    return operations.change(
        Ino.NONE,
        txn -> {
          Long taken = txn.records().get(Records.LEASE, lease);
          long now = txn.now().seconds();
          if (taken != null && taken > now - span.toSeconds()) {
            return false;
          }
          txn.records().put(Records.LEASE, lease, now);
          txn.logChange("SET", null, lease.counterName(), now);
          return true;
        });
  }
}
