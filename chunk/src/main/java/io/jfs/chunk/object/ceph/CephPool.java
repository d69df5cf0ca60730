package io.jfs.chunk.object.ceph;

import java.util.regex.Pattern;

/**
 * Which pool of which cluster, and as whom: what a volume's settings say. Data spec 1.8.
 *
 * @param name of the pool
 * @param cluster name of the cluster, which tells its configuration file: {@code
 *     /etc/ceph/CLUSTER.conf}
 * @param user whole name of the user, such as {@code client.admin}
 */
public record CephPool(String name, String cluster, String user) {
  private static final String SCHEME = "ceph://";
  private static final Pattern USER = Pattern.compile("[a-z]+\\..+");

  /**
   * Reads the settings.
   *
   * @param bucket {@code ceph://POOL} or {@code POOL}; what follows a slash is not looked at
   * @param accessKey name of the cluster; empty for {@code ceph}
   * @param secretKey name of the user; empty for {@code client.admin}
   * @throws IllegalArgumentException if they make no sense
   */
  public static CephPool of(String bucket, String accessKey, String secretKey) {
    int scheme = bucket.indexOf("://");
    if (scheme >= 0 && !bucket.startsWith(SCHEME)) {
      throw new IllegalArgumentException("bucket of ceph is ceph://POOL, not " + bucket);
    }
    String rest = bucket.substring(scheme < 0 ? 0 : SCHEME.length());
    int slash = rest.indexOf('/');
    String name = slash < 0 ? rest : rest.substring(0, slash);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("bucket of ceph names no pool: " + bucket);
    }
    String user = secretKey.isEmpty() ? "client.admin" : secretKey;
    if (!USER.matcher(user).matches()) {
      // Whoever mistook what the option means may have given a secret: never repeated here.
      throw new IllegalArgumentException(
          "the secret key of ceph is the whole name of a user, such as client.admin");
    }
    return new CephPool(name, accessKey.isEmpty() ? "ceph" : accessKey, user);
  }

  /** As people write it. */
  String url() {
    return SCHEME + name + "/";
  }
}
