package io.jfs.chunk.object.s3;

/**
 * Who asks. An access key {@code anonymous} or an empty one means that requests are not signed.
 *
 * @param accessKey public part
 * @param secretKey secret part
 * @param sessionToken of temporary credentials, or empty
 */
public record S3Credentials(String accessKey, String secretKey, String sessionToken) {
  /** Whether requests carry no signature. */
  boolean isAnonymous() {
    return accessKey.isEmpty() || accessKey.equals("anonymous");
  }

  @Override
  public String toString() {
    return "S3Credentials[" + accessKey + "]"; // never the secrets
  }
}
