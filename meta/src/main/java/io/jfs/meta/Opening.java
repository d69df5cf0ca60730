package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.ops.Permissions;
import io.jfs.meta.ops.SustainedInodes;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Ref;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From open to last close: open(2), close(2), metadata spec 6.11. */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  private final Namespace namespace;
  private final OpenInodes inodes;
  private final ClientSession session;
  private final MetaConfig config;

  Opening(Namespace namespace, OpenInodes inodes, ClientSession session, MetaConfig config) {
    this.namespace = namespace;
    this.inodes = inodes;
    this.session = session;
    this.config = config;
  }

  Meta.OpenedInode open(Caller caller, Ino ino, Meta.OpenMode mode) throws FsException {
    Ino real = namespace.real(ino);
    if (config.readOnly() && (mode.write() || mode.truncate())) {
      throw Errno.EROFS.exception();
    }
    // Counted before it is looked at, so that a removal which comes in between keeps it for us.
    inodes.opened(real);
    try {
      namespace.awaitRemoval(real);
      return namespace.operations().read(txn -> look(txn, caller, real, mode));
    } catch (FsException | RuntimeException e) {
      close(real);
      throw e;
    }
  }

  private Meta.OpenedInode look(MetaTxn txn, Caller caller, Ino ino, Meta.OpenMode mode)
      throws FsException {
    Ref.OfLog<?, ?> firstChunk = new Ref.OfLog<>(Records.CHUNK, new ChunkKey(ino, 0));
    if (!mode.write()) {
      txn.records().prefetch(MetaTxn.attrRef(ino), firstChunk);
    } else {
      Ref capabilities = NoCapabilities.ref(ino);
      txn.records()
          .prefetch(
              mode.read()
                  ? new Ref[] {MetaTxn.attrRef(ino), capabilities, firstChunk}
                  : new Ref[] {MetaTxn.attrRef(ino), capabilities});
      if (txn.records().get(Records.XATTR, ino, NoCapabilities.NAME) == null) {
        namespace.noCapabilities().learn(ino);
      }
    }
    Attr attr = txn.require(ino);
    requireFlags(attr, mode);
    Permissions.require(txn, caller, attr, mask(mode));
    return new Meta.OpenedInode(attr, firstChunk(txn, ino, attr, mode));
  }

  private static @Nullable List<Slice> firstChunk(
      MetaTxn txn, Ino ino, Attr attr, Meta.OpenMode mode) {
    return mode.read() && attr.isRegular()
        ? txn.records().read(Records.CHUNK, new ChunkKey(ino, 0))
        : null;
  }

  private static void requireFlags(Attr attr, Meta.OpenMode mode) throws FsException {
    boolean changes = mode.write() || mode.truncate();
    boolean appends = mode.append() && !mode.truncate();
    if (changes
        && (attr.isImmutable()
            || attr.parent().isHourlyTrash()
            || (attr.isAppendOnly() && !appends))) {
      throw Errno.EPERM.exception();
    }
  }

  private static int mask(Meta.OpenMode mode) {
    int mask = mode.execute() ? Permissions.EXECUTE : 0;
    if (mode.read() && !mode.execute()) {
      mask |= Permissions.READ;
    }
    return mode.write() || mode.truncate() ? mask | Permissions.WRITE : mask;
  }

  /** These inodes may have no link any more: their last close has to look. */
  void suspect(List<Ino> unlinked) {
    unlinked.forEach(inodes::stillSuspect);
    releaseClosedSuspects();
  }

  void close(Ino ino) {
    Ino real = namespace.real(ino);
    if (inodes.closed(real) && !release(real)) {
      inodes.stillSuspect(real);
    }
  }

  /** Ends holds on inodes whose removal and whose last close crossed each other. */
  void releaseClosedSuspects() {
    for (Ino ino : inodes.takeClosedSuspects()) {
      if (!release(ino)) {
        inodes.stillSuspect(ino);
      }
    }
  }

  /** As {@link #releaseClosedSuspects}; what is not held now was not removed, and is forgotten. */
  void forgetClosedSuspects() {
    inodes.takeClosedSuspects().forEach(this::release);
  }

  /** Whether this client held the inode. */
  private boolean release(Ino ino) {
    try {
      return namespace
          .operations()
          .change(ino, txn -> SustainedInodes.release(txn, session.id(), ino));
    } catch (FsException | EngineException e) {
      LOG.warn("inode {} without a link is left to session cleaning: {}", ino, e.getMessage());
      return true;
    }
  }
}
