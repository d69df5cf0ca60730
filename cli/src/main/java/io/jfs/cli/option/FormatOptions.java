package io.jfs.cli.option;

import java.util.List;

/** What {@code jfs format} writes into a volume's settings. Command-line spec 4.1. */
public final class FormatOptions {
  /** Object store driver. */
  public static final Option<String> STORAGE =
      Option.text(
          "storage", "NAME", "file", "object store that holds the data: file, s3, minio, ceph");

  /** Where the object store is. */
  public static final Option<String> BUCKET =
      Option.text(
          "bucket",
          "WHERE",
          "",
          "folder, endpoint or bucket of the object store (file: /var/jfs, or ~/.juicefs/local)");

  /** Access key. */
  public static final Option<String> ACCESS_KEY =
      Option.text("access-key", "KEY", "", "access key of the object store (env ACCESS_KEY)");

  /** Secret key. */
  public static final Option<String> SECRET_KEY =
      Option.text("secret-key", "KEY", "", "secret key of the object store (env SECRET_KEY)");

  /** Session token. */
  public static final Option<String> SESSION_TOKEN =
      Option.text("session-token", "TOKEN", "", "token of the object store (env SESSION_TOKEN)");

  /** Storage class of new objects. */
  public static final Option<String> STORAGE_CLASS =
      Option.text("storage-class", "CLASS", "", "storage class of new objects");

  /** Tag of new objects. */
  public static final Option<String> TAG =
      Option.text("tag", "KEY=VALUE", "", "tag of new objects");

  /** Block size in bytes. */
  public static final Option<Long> BLOCK_SIZE =
      Option.size("block-size", 'K', "4M", "size of a block, a power of two from 64K to 16M");

  /** Compression. */
  public static final Option<String> COMPRESS =
      Option.text("compress", "NAME", "none", "compression of blocks: none, lz4, zstd");

  /** PEM file of the key that wraps data keys. */
  public static final Option<String> ENCRYPT_RSA_KEY =
      Option.text("encrypt-rsa-key", "PEM", "", "encrypt the data; file with an RSA private key");

  /** Data cipher. */
  public static final Option<String> ENCRYPT_ALGO =
      Option.text("encrypt-algo", "NAME", "aes256gcm-rsa", "aes256gcm-rsa, chacha20-rsa or sm4gcm");

  /** Hashed object names. */
  public static final Option<Boolean> HASH_PREFIX =
      Option.flag("hash-prefix", "spread object names by a hash");

  /** Number of buckets. */
  public static final Option<Long> SHARDS =
      Option.number("shards", "0", "spread objects over N buckets, at most 256");

  /** Capacity in bytes. */
  public static final Option<Long> CAPACITY =
      Option.size("capacity", 'G', "0", "limit of the volume's size, 0 for none");

  /** Inode limit. */
  public static final Option<Long> INODES =
      Option.number("inodes", "0", "limit of the number of files, 0 for none");

  /** Trash retention. */
  public static final Option<Long> TRASH_DAYS =
      Option.number("trash-days", "1", "days that deleted files stay in .trash, 0 for no trash");

  /** POSIX ACLs. */
  public static final Option<Boolean> ENABLE_ACL =
      Option.flagOnByDefault("enable-acl", "POSIX ACLs and extended attributes");

  /** Overwrite. */
  public static final Option<Boolean> FORCE =
      Option.flag("force", "overwrite the settings of an existing volume");

  /** Leave an existing volume alone. */
  public static final Option<Boolean> NO_UPDATE =
      Option.flag("no-update", "do nothing if the volume exists");

  /** Ranger service of the Hadoop client. */
  public static final Option<String> RANGER_REST_URL =
      Option.text("ranger-rest-url", "URL", "", "kept for the Hadoop client").hidden();

  /** Ranger service name. */
  public static final Option<String> RANGER_SERVICE =
      Option.text("ranger-service", "NAME", "", "kept for the Hadoop client").hidden();

  /** Kerberos of the Hadoop client. */
  public static final Option<String> KERBEROS_CONFIG_FILE =
      Option.text("kerberos-config-file", "FILE", "", "kept for the Hadoop client").hidden();

  /** All of them, as the help text groups them. */
  public static final List<OptionGroup> GROUPS =
      List.of(
          OptionGroup.of(
              "DATA STORAGE",
              STORAGE,
              BUCKET,
              ACCESS_KEY,
              SECRET_KEY,
              SESSION_TOKEN,
              STORAGE_CLASS,
              TAG),
          OptionGroup.of(
              "DATA FORMAT",
              BLOCK_SIZE,
              COMPRESS,
              ENCRYPT_RSA_KEY,
              ENCRYPT_ALGO,
              HASH_PREFIX,
              SHARDS),
          OptionGroup.of(
              "MANAGEMENT",
              CAPACITY,
              INODES,
              TRASH_DAYS,
              ENABLE_ACL,
              RANGER_REST_URL,
              RANGER_SERVICE,
              KERBEROS_CONFIG_FILE,
              FORCE,
              NO_UPDATE));

  private FormatOptions() {}
}
