package io.jfs.cache.block;

import org.jspecify.annotations.Nullable;

/**
 * How blocks are named, in the object store and in a cache folder alike (data format 1.3). A
 * volume's {@code HashPrefix} decides.
 */
public enum BlockNaming {
  /** {@code chunks/{id/1000000}/{id/1000}/{id}_{index}_{size}}. */
  PLAIN {
    @Override
    String folder(long id) {
      return "chunks/" + id / 1000 / 1000 + "/" + id / 1000 + "/";
    }
  },

  /** {@code chunks/{id%256 as two hex digits}/{id/1000000}/{id}_{index}_{size}}. */
  HASHED {
    @Override
    String folder(long id) {
      int low = (int) (id & 0xFF);
      return "chunks/" + HEX.charAt(low >> 4) + HEX.charAt(low & 15) + "/" + id / 1000 / 1000 + "/";
    }
  };

  private static final String HEX = "0123456789ABCDEF";

  abstract String folder(long id);

  /** Full name of a block, relative to the volume's prefix. */
  public String name(BlockKey key) {
    return folder(key.id()) + key.baseName();
  }

  /** The block of that name; null if it is not a block's name in this naming. */
  public @Nullable BlockKey parse(String name) {
    BlockKey key = BlockKey.parseBaseName(name.substring(name.lastIndexOf('/') + 1));
    return key != null && name(key).equals(name) ? key : null;
  }

  /** The naming of a volume whose setting {@code HashPrefix} is that. */
  public static BlockNaming of(boolean hashPrefix) {
    return hashPrefix ? HASHED : PLAIN;
  }
}
