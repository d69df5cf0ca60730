package io.jfs.fuse.device;

/** Transparent huge pages of this process: prctl(2), PR_SET_THP_DISABLE. */
public final class HugePages {
  private static final int PR_SET_THP_DISABLE = 41;

  private HugePages() {}

  /** From now on this process gets none; whether the kernel took it. */
  public static boolean disable() {
    return LibC.prctl(PR_SET_THP_DISABLE, 1) == 0;
  }
}
