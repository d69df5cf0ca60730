package io.jfs.chunk.slice;

import java.time.LocalTime;

/**
 * Hours of the day in which staged blocks may be uploaded ({@code --upload-hours}); begin and end
 * equal means always.
 *
 * @param begin first hour, 0 to 23
 * @param end hour at which it ends; may lie on the next day
 */
public record UploadHours(int begin, int end) {
  /** Always. */
  public static final UploadHours ALWAYS = new UploadHours(0, 0);

  /** Checks. */
  public UploadHours {
    if (begin < 0 || begin > 23 || end < 0 || end > 23) {
      throw new IllegalArgumentException("invalid upload hours: " + begin + "," + end);
    }
  }

  /**
   * Reads {@code A-B} or {@code A,B}; empty means always.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static UploadHours parse(String text) {
    if (text.isBlank()) {
      return ALWAYS;
    }
    String[] hours = text.strip().split("[-,]");
    if (hours.length != 2) {
      throw new IllegalArgumentException("invalid upload hours: " + text);
    }
    try {
      return new UploadHours(
          Integer.parseInt(hours[0].strip()), Integer.parseInt(hours[1].strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("invalid upload hours: " + text, e);
    }
  }

  /** Whether uploads are allowed at that time of the day. */
  boolean allow(LocalTime time) {
    int hour = time.getHour();
    if (begin == end) {
      return true;
    }
    return begin < end ? begin <= hour && hour < end : hour >= begin || hour < end;
  }
}
