package io.jfs.meta.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client's version, as volumes use it to shut out clients that would damage them: {@code
 * MAJOR.MINOR.PATCH[-PRE][+BUILD]}. The build is ignored; no pre-release ranks above any. Metadata
 * spec section 2.
 *
 * @param major first number
 * @param minor second number
 * @param patch third number
 * @param preRelease text behind '-', or ""
 */
public record ClientVersion(int major, int minor, int patch, String preRelease)
    implements Comparable<ClientVersion> {
  private static final Pattern SYNTAX =
      Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?(?:-([^+]*))?(?:\\+.*)?");

  /** The reference version whose formats and features this client has. */
  public static final ClientVersion COMPATIBLE = new ClientVersion(1, 4, 2, "");

  /** What this client writes into its session: compatible version, then who it is. */
  public static final String PRESENTED = "1.4.2+jfs";

  /**
   * A version from its text.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ClientVersion parse(String text) {
    Matcher m = SYNTAX.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException("not a version: " + text);
    }
    String patch = m.group(3);
    String pre = m.group(4);
    return new ClientVersion(
        Integer.parseInt(m.group(1)),
        Integer.parseInt(m.group(2)),
        patch == null ? 0 : Integer.parseInt(patch),
        pre == null ? "" : pre);
  }

  @Override
  public int compareTo(ClientVersion other) {
    int c = Integer.compare(major, other.major);
    c = c != 0 ? c : Integer.compare(minor, other.minor);
    c = c != 0 ? c : Integer.compare(patch, other.patch);
    if (c != 0 || preRelease.equals(other.preRelease)) {
      return c;
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return preRelease.isEmpty() ? 1 : -1;
    }
    return preRelease.compareTo(other.preRelease);
  }

  @Override
  public String toString() {
    String numbers = major + "." + minor + "." + patch;
    return preRelease.isEmpty() ? numbers : numbers + "-" + preRelease;
  }
}
