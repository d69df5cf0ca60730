package io.jfs.fuse;

import io.jfs.fuse.proto.Attributes;
import io.jfs.fuse.proto.Files;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.CacheTimeouts;
import io.jfs.vfs.Created;
import io.jfs.vfs.Opened;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** Answers that several handlers give, with how long the kernel may believe them. */
final class Answers {
  private static final long VIRTUAL_MILLIS = 3_600_000;

  private final Supplier<CacheTimeouts> timeouts;

  Answers(Supplier<CacheTimeouts> timeouts) {
    this.timeouts = timeouts;
  }

  private long attrMillis(Ino ino) {
    return ino.isVirtual() ? VIRTUAL_MILLIS : timeouts.get().attrMillis();
  }

  private long entryMillis(Attr attr) {
    CacheTimeouts t = timeouts.get();
    return attr.isDirectory() ? t.dirEntryMillis() : t.entryMillis();
  }

  /** Writes an entry at {@code at}. */
  void putEntry(ByteBuffer out, int at, Ino ino, Attr attr) {
    Attributes.putEntryOut(out, at, ino, attr, entryMillis(attr), attrMillis(ino));
  }

  /** LOOKUP and what makes names. */
  void entry(Operation op, Entry entry) {
    putEntry(op.out(), Reply.PAYLOAD, entry.ino(), entry.attr());
    op.answer(Attributes.ENTRY_OUT_BYTES, entry);
  }

  /**
   * LOOKUP of a name that does not exist.
   *
   * @return whether the kernel may believe it, and so was answered
   */
  boolean negativeEntry(Operation op) {
    long millis = timeouts.get().negativeMillis();
    if (millis <= 0) {
      return false;
    }
    Attributes.putNegativeEntry(op.out(), Reply.PAYLOAD, millis);
    op.answer(Attributes.ENTRY_OUT_BYTES);
    return true;
  }

  /** GETATTR, SETATTR. */
  void attr(Operation op, Attr attr) {
    long millis = attrMillis(op.ino());
    Attributes.putAttrOut(op.out(), Reply.PAYLOAD, op.ino().value(), attr, millis);
    op.answer(Attributes.ATTR_OUT_BYTES);
  }

  /** OPEN, OPENDIR. */
  void opened(Operation op, Opened opened) {
    Files.putOpenOut(op.out(), Reply.PAYLOAD, opened.handle(), openFlags(opened));
    op.answer(Files.OPEN_OUT_BYTES, opened);
  }

  /** CREATE, TMPFILE. */
  void created(Operation op, Created created) {
    Entry entry = created.entry();
    putEntry(op.out(), Reply.PAYLOAD, entry.ino(), entry.attr());
    Files.putOpenOut(
        op.out(),
        Reply.PAYLOAD + Attributes.ENTRY_OUT_BYTES,
        created.opened().handle(),
        openFlags(created.opened()));
    op.answer(Attributes.ENTRY_OUT_BYTES + Files.OPEN_OUT_BYTES, created);
  }

  private static int openFlags(Opened opened) {
    return (opened.directIo() ? Files.FOPEN_DIRECT_IO : 0)
        | (opened.keepCache() ? Files.FOPEN_KEEP_CACHE : 0)
        | (opened.cacheDir() ? Files.FOPEN_CACHE_DIR : 0);
  }
}
