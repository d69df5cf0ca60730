package io.jfs.cli.admin;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All objects below a prefix in key order, a page in memory at a time. */
public final class StoredObjects {
  private static final int PAGE = 1000;

  private final ObjectStore store;
  private final String prefix;
  private Iterator<ObjectInfo> page = List.<ObjectInfo>of().iterator();
  private String last = "";
  private boolean isLastPage;

  /** Those of {@code store} whose key begins with {@code prefix}. */
  public StoredObjects(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  /** The next one; null when there is none. */
  public @Nullable ObjectInfo next() throws IOException {
    if (!page.hasNext() && !isLastPage) {
      List<ObjectInfo> objects = store.list(prefix, last, PAGE);
      isLastPage = objects.isEmpty();
      page = objects.iterator();
    }
    if (!page.hasNext()) {
      return null;
    }
    ObjectInfo object = page.next();
    last = object.key();
    return object;
  }
}
