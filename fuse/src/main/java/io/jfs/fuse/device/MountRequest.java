package io.jfs.fuse.device;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be mounted.
 *
 * @param source what /proc/mounts shows as the device, e.g. {@code JuiceFS:myvolume}
 * @param subtype the type behind "fuse."
 * @param flags mount(2) flags, the MS constants
 * @param options words for the kernel's fuse, such as {@code allow_other} or {@code max_read=N}
 */
public record MountRequest(String source, String subtype, long flags, List<String> options) {
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final long MS_NOEXEC = 8;
  public static final long MS_SYNCHRONOUS = 16;
  public static final long MS_DIRSYNC = 128;
  public static final long MS_NOATIME = 1024;
  public static final long MS_NODIRATIME = 2048;
  public static final long MS_STRICTATIME = 1 << 24;

  private record Word(long flag, String word) {}

  private static final List<Word> FLAG_WORDS =
      List.of(
          new Word(MS_NOEXEC, "noexec"),
          new Word(MS_SYNCHRONOUS, "sync"),
          new Word(MS_DIRSYNC, "dirsync"),
          new Word(MS_NOATIME, "noatime"));

  /** mount(2)'s data for a connection on descriptor {@code fd}. */
  String kernelData(int fd) {
    List<String> words = new ArrayList<>();
    words.add("fd=" + fd);
    words.add("rootmode=40000");
    words.add("user_id=" + LibC.geteuid());
    words.add("group_id=" + LibC.getegid());
    words.addAll(options);
    return String.join(",", words);
  }

  /** The words behind the -o of fusermount3 and libfuse, which add fd, rootmode and ids. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    words.add("fsname=" + source.replace("\\", "\\\\").replace(",", "\\,"));
    words.add("subtype=" + subtype);
    words.add((flags & MS_NOSUID) != 0 ? "nosuid" : "suid");
    words.add((flags & MS_NODEV) != 0 ? "nodev" : "dev");
    for (Word w : FLAG_WORDS) {
      if ((flags & w.flag) != 0) {
        words.add(w.word);
      }
    }
    words.addAll(options);
    return words;
  }
}
