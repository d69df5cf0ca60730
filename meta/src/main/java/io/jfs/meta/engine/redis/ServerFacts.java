package io.jfs.meta.engine.redis;

import java.util.HashMap;
import java.util.Map;

/** What a server says about itself in INFO. */
record ServerFacts(Map<String, String> fields) {
  /** Parses the answer to INFO. */
  static ServerFacts parse(String info) {
    Map<String, String> fields = new HashMap<>();
    info.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
              }
            });
    return new ServerFacts(fields);
  }

  private String field(String name) {
    return fields.getOrDefault(name, "");
  }

  String version() {
    return field("redis_version");
  }

  /** First number of the version; 0 if it tells none. */
  int majorVersion() {
    String major = version().split("\\.", 2)[0];
    return major.matches("[0-9]{1,6}") ? Integer.parseInt(major) : 0;
  }

  boolean isCluster() {
    return field("cluster_enabled").equals("1");
  }

  boolean isReplica() {
    return field("role").equals("slave") || field("role").equals("replica");
  }

  /** Whether every write is logged to disk; true also when the server does not tell. */
  boolean hasAppendOnlyFile() {
    return !field("aof_enabled").equals("0");
  }

  String maxmemoryPolicy() {
    return field("maxmemory_policy");
  }
}
