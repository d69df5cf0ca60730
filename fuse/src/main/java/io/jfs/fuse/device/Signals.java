package io.jfs.fuse.device;

/** kill(2). */
public final class Signals {
  private static final int SIGHUP = 1;

  private Signals() {}

  /** Sends SIGHUP; whether there is such a process, and it may be sent one. */
  public static boolean hangUp(long pid) {
    return LibC.kill(pid, SIGHUP) == 0;
  }
}
