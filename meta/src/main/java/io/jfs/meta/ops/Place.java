package io.jfs.meta.ops;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;

/**
 * Where an entry is or will be.
 *
 * @param directory in which
 * @param name under which
 */
public record Place(Ino directory, Name name) {}
