package io.jfs.meta.engine.redis;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The smallest client there can be, to look at what is really stored. */
final class RawRedis implements Closeable {
  private final Socket socket;
  private final DataInputStream in;

  RawRedis(int port) {
    try {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(60_000);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer: text of a status or error, Long, ISO-8859-1 text of bytes, null, or a list. */
  Object ask(String... words) {
    try {
      OutputStream out = socket.getOutputStream();
      StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
      }
      out.write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #ask} for an answer of bytes, as hex. */
  String hex(String... words) {
    return hex((String) ask(words));
  }

  static String hex(String latin) {
    return HexFormat.of().formatHex(latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Text with the bytes that a hex text names. */
  static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex.replace(" ", "")), StandardCharsets.ISO_8859_1);
  }

  private Object answer() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case ':' -> Long.valueOf(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> list(Integer.parseInt(rest));
      default -> rest;
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    in.skipBytes(2);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private List<Object> list(int length) throws IOException {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      list.add(answer());
    }
    return list;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
