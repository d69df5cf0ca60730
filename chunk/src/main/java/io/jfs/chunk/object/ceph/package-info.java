/**
 * Objects in a pool of Ceph's RADOS, through librados. Nothing here is loaded unless a volume says
 * {@code --storage ceph}.
 */
@NullMarked
package io.jfs.chunk.object.ceph;

import org.jspecify.annotations.NullMarked;
