package io.jfs.meta.engine.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Builds and takes apart keys. Inodes stand in keys little-endian, every other number big-endian;
 * metadata spec 4.2.
 */
final class KeyBytes {
  private static final VarHandle LE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private KeyBytes() {}

  /** {@code kind ino}, with {@code extra} free bytes behind. */
  static byte[] withInode(char kind, long ino, int extra) {
    byte[] key = new byte[1 + Long.BYTES + extra];
    key[0] = (byte) kind;
    putInode(key, 1, ino);
    return key;
  }

  /** {@code A ino part}, with {@code extra} free bytes behind. */
  static byte[] ofInode(long ino, char part, int extra) {
    byte[] key = withInode('A', ino, 1 + extra);
    key[9] = (byte) part;
    return key;
  }

  /** {@code A ino part name}. */
  static byte[] ofInode(long ino, char part, byte[] name) {
    byte[] key = ofInode(ino, part, name.length);
    System.arraycopy(name, 0, key, 10, name.length);
    return key;
  }

  /** Whether a key is one of {@code A ino part ...}. */
  static boolean isOfInode(byte[] key, char part) {
    return key.length >= 10 && key[0] == 'A' && key[9] == (byte) part;
  }

  static void putInode(byte[] key, int at, long ino) {
    LE_LONG.set(key, at, ino);
  }

  static long inode(byte[] key, int at) {
    return (long) LE_LONG.get(key, at);
  }

  static void putLong(byte[] key, int at, long value) {
    BE_LONG.set(key, at, value);
  }

  static long longAt(byte[] key, int at) {
    return (long) BE_LONG.get(key, at);
  }

  static void putInt(byte[] key, int at, int value) {
    BE_INT.set(key, at, value);
  }

  static int intAt(byte[] key, int at) {
    return (int) BE_INT.get(key, at);
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** The first key that follows everything that begins with {@code prefix}; empty if none does. */
  static byte[] after(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xFF) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return new byte[0];
  }

  /** The key that follows {@code key} immediately. */
  static byte[] next(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
