package io.jfs.meta.txn;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Name;
import java.util.Map;

/**
 * A part of a directory's listing, and what is known of the inodes that it names.
 *
 * @param page entries
 * @param attributes by {@link Ref.OfCell} of ATTR: of every inode in the page, and maybe of others
 */
public record EntryPage(Page<Row<Name, Dentry>> page, Map<Ref, Observed> attributes) {}
