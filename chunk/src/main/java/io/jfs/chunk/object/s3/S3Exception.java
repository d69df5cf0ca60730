package io.jfs.chunk.object.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's refusal of a request, in its own words. */
public final class S3Exception extends IOException {
  private static final Pattern CODE = Pattern.compile("<Code>([^<]*)</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");
  private static final Pattern REQUEST = Pattern.compile("<RequestId>([^<]*)</RequestId>");

  private final int status;
  private final String code;

  private S3Exception(int status, String code, String text) {
    super(text);
    this.status = status;
    this.code = code;
  }

  /** Reads the error document of an answer. */
  static S3Exception of(String request, int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String code = first(CODE, text);
    String message = first(MESSAGE, text);
    String requestId = first(REQUEST, text);
    return new S3Exception(
        status,
        code,
        request
            + ": "
            + status
            + (code.isEmpty() ? "" : " " + code)
            + (message.isEmpty() ? "" : ": " + message)
            + (requestId.isEmpty() ? "" : " (req_id: " + requestId + ")"));
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** S3's error code, such as {@code AccessDenied}; empty if there is none. */
  public String code() {
    return code;
  }

  /** Whether only the object is missing, not the bucket or more. */
  boolean isMissingObject() {
    return status == 404 && !code.equals("NoSuchBucket");
  }

  /** Whether the server has no room left. */
  boolean isFull() {
    return status == 507
        || code.equals("XMinioStorageFull")
        || code.equals("QuotaExceeded")
        || code.equals("XMinioAdminBucketQuotaExceeded");
  }
}
