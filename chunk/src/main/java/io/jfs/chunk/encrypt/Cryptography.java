package io.jfs.chunk.encrypt;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.net.ssl.SSLContext;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where ciphers and TLS come from: Conscrypt's native code on machines that it is made for, else
 * the Java runtime's own, which gives the same bytes many times slower. Loaded by those volumes
 * only that encrypt or use TLS.
 */
public final class Cryptography {
  private static final Logger log = LoggerFactory.getLogger(Cryptography.class);
  private static final @Nullable Provider NATIVE = loadNative();

  private Cryptography() {}

  private static @Nullable Provider loadNative() {
    try {
      Conscrypt.checkAvailability();
      return Conscrypt.newProvider();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      log.warn(
          "encryption and TLS will be slow: no native code for this machine ({})", e.getMessage());
      return null;
    }
  }

  /** Whether it is native code that does the work. */
  static boolean isNative() {
    return NATIVE != null;
  }

  /** AES with GCM, no padding. */
  static Cipher aesGcm() throws GeneralSecurityException {
    return cipher("AES/GCM/NoPadding");
  }

  /** ChaCha20 with Poly1305, RFC 8439. */
  static Cipher chaCha20Poly1305() throws GeneralSecurityException {
    return NATIVE == null
        ? Cipher.getInstance("ChaCha20-Poly1305")
        : Cipher.getInstance("ChaCha20/Poly1305/NoPadding", NATIVE);
  }

  /** RSA with OAEP; its hashes come with the parameters. */
  static Cipher rsaOaep() throws GeneralSecurityException {
    return cipher("RSA/ECB/OAEPPadding");
  }

  /** Makes keys that {@link #rsaOaep} takes as they are. */
  static KeyFactory rsaKeys() throws NoSuchAlgorithmException {
    return NATIVE == null ? KeyFactory.getInstance("RSA") : KeyFactory.getInstance("RSA", NATIVE);
  }

  /** TLS, not yet initialized. */
  public static SSLContext tls() throws NoSuchAlgorithmException {
    return NATIVE == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", NATIVE);
  }

  private static Cipher cipher(String transformation) throws GeneralSecurityException {
    return NATIVE == null
        ? Cipher.getInstance(transformation)
        : Cipher.getInstance(transformation, NATIVE);
  }
}
