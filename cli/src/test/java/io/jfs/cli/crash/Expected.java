package io.jfs.cli.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must be in a volume: paths, and for each file the bytes that an fsync or a close has
 * acknowledged and those written since, which may be there or not.
 */
final class Expected {
  private static final Node DIRECTORY = new Node();

  private final Map<String, Node> nodes = new TreeMap<>();

  private static final class Node {
    private byte[] durable = {};
    private byte[] latest = {};

    /** As the bytes are, or were when they were last made durable. */
    private boolean admits(byte[] bytes) {
      if (durable == latest) {
        return Arrays.equals(bytes, durable);
      }
      if (bytes.length < Math.min(durable.length, latest.length)
          || bytes.length > Math.max(durable.length, latest.length)) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] != at(durable, i) && bytes[i] != at(latest, i)) {
          return false;
        }
      }
      return true;
    }

    private static byte at(byte[] bytes, int i) {
      return i < bytes.length ? bytes[i] : 0;
    }
  }

  /** An equal one; names of one file are names of one file. */
  Expected copy() {
    Expected copy = new Expected();
    Map<Node, Node> copies = new IdentityHashMap<>();
    copies.put(DIRECTORY, DIRECTORY);
    nodes.forEach((path, node) -> copy.nodes.put(path, copies.computeIfAbsent(node, this::clone)));
    return copy;
  }

  private Node clone(Node node) {
    Node clone = new Node();
    clone.durable = node.durable;
    clone.latest = node.latest;
    return clone;
  }

  void directory(String path) {
    nodes.put(path, DIRECTORY);
  }

  void file(String path) {
    nodes.put(path, new Node());
  }

  private Node node(String path) {
    Node node = nodes.get(path);
    if (node == null) {
      throw new IllegalStateException(path);
    }
    return node;
  }

  void write(String path, int offset, byte[] data) {
    Node node = node(path);
    byte[] grown = Arrays.copyOf(node.latest, Math.max(node.latest.length, offset + data.length));
    System.arraycopy(data, 0, grown, offset, data.length);
    node.latest = grown;
  }

  /** A change of bytes that is durable when it returns, on a file where all is durable. */
  void change(String path, byte[] bytes) {
    Node node = node(path);
    node.latest = bytes;
    node.durable = bytes;
  }

  byte[] bytes(String path) {
    return node(path).latest;
  }

  void durable(String path) {
    Node node = node(path);
    node.durable = node.latest;
  }

  void link(String path, String also) {
    nodes.put(also, node(path));
  }

  void remove(String path) {
    nodes.keySet().removeIf(other -> other.equals(path) || other.startsWith(path + "/"));
  }

  void rename(String from, String to) {
    nodes.put(to, node(from));
    nodes.remove(from);
  }

  /** A file or tree by another name, sharing nothing. */
  void cloned(String from, String to) {
    Map<String, Node> found = new TreeMap<>(nodes);
    found.forEach(
        (path, node) -> {
          if (path.equals(from) || path.startsWith(from + "/")) {
            nodes.put(to + path.substring(from.length()), node == DIRECTORY ? node : clone(node));
          }
        });
  }

  /**
   * What in a volume is not as expected.
   *
   * @param found its paths with the bytes of files; directories have none
   */
  List<String> differences(Map<String, byte[]> found) {
    List<String> differences = new ArrayList<>(missing(found));
    found.forEach(
        (path, bytes) -> {
          Node node = nodes.get(path);
          if (node == null) {
            differences.add(path + " should not be there");
          } else if (node != DIRECTORY && !node.admits(bytes)) {
            differences.add(path + " has other bytes, " + bytes.length + " of them");
          }
        });
    return differences;
  }

  /** Paths that are not there. */
  List<String> missing(Map<String, byte[]> found) {
    return nodes.keySet().stream()
        .filter(path -> !found.containsKey(path))
        .map(path -> path + " is missing")
        .toList();
  }
}
