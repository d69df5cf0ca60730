package io.jfs.meta.dump;

import io.jfs.meta.dump.ProtoReader.Message;
import io.jfs.meta.model.FormatException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a binary dump says of itself in its footer.
 *
 * @param version of the layout
 * @param rows how many there are of each kind
 * @param segments in the order of the file
 */
public record BinarySummary(
    long version, SortedMap<String, Long> rows, List<SegmentPlace> segments) {
  private static final int HEADER_BYTES = Integer.BYTES + Long.BYTES;

  /**
   * A segment.
   *
   * @param name of its kind
   * @param offset where it begins in the file, uncompressed
   * @param lengthBytes without its header
   */
  public record SegmentPlace(String name, long offset, long lengthBytes) {}

  /**
   * Reads a dump up to its end.
   *
   * @throws FormatException it is none, or not whole
   */
  public static BinarySummary read(InputStream stream) throws FormatException, IOException {
    DataInputStream in = new DataInputStream(stream);
    List<SegmentPlace> segments = new ArrayList<>();
    long offset = 0;
    try {
      for (int type = in.readInt(); type != Segment.END; type = in.readInt()) {
        long length = in.readLong();
        if (length < 0 || type < 1 || type > Segment.CHANGE_LOG) {
          throw new FormatException("not a binary dump: a segment of type " + type);
        }
        in.skipNBytes(length);
        segments.add(new SegmentPlace(Segment.nameOf(type), offset, length));
        offset += HEADER_BYTES + length;
      }
    } catch (EOFException e) {
      throw new FormatException("not a binary dump: it ends early");
    }
    byte[] footer = in.readAllBytes();
    int length = footer.length - Long.BYTES;
    if (length <= 0) {
      throw new FormatException("not a binary dump: it ends early");
    }
    long version = 0;
    SortedMap<String, Long> rows = new TreeMap<>();
    ProtoReader reader = new ProtoReader(new ByteArrayInputStream(footer), length);
    while (reader.next()) {
      switch (reader.field()) {
        case 2 -> version = reader.number();
        case 3 -> {
          Message entry = reader.message();
          Message info = Message.of(entry.bytes(2));
          rows.put(new String(entry.bytes(1), StandardCharsets.UTF_8), info.number(2));
        }
        default -> {
          long unused = reader.number();
        }
      }
    }
    return new BinarySummary(version, rows, List.copyOf(segments));
  }
}
