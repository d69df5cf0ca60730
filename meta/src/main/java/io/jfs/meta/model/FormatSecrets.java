package io.jfs.meta.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Secrets inside a volume's settings. They are stored encrypted under a key that is made of the
 * volume's UUID: obfuscation against a casual reader of the metadata, not protection. Metadata spec
 * section 2.
 */
public final class FormatSecrets {
  /** Members that are encrypted when KeyEncrypted is set. */
  private static final List<String> MEMBERS = List.of("SecretKey", "SessionToken", "EncryptKey");

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private FormatSecrets() {}

  /**
   * The settings with secrets in clear, for use in this process only.
   *
   * @throws CorruptRecordException if a secret was stripped or does not decrypt
   */
  public static Format opened(Format stored) {
    for (String member : MEMBERS) {
      if (stored.text(member).equals(FormatJson.REMOVED)) {
        throw new CorruptRecordException(member + " was removed, it must be set again");
      }
    }
    return openedForChange(stored);
  }

  /**
   * As {@link #opened}, but stripped secrets stay {@code removed}, so that new ones can be set.
   *
   * @throws CorruptRecordException if a secret does not decrypt
   */
  public static Format openedForChange(Format stored) {
    if (!stored.flag("KeyEncrypted")) {
      return stored;
    }
    Format clear = stored.with("KeyEncrypted", null);
    for (String member : MEMBERS) {
      if (isSecret(stored, member)) {
        clear = clear.with(member, decrypt(stored, member, stored.text(member)));
      }
    }
    return clear;
  }

  /** Whether a secret is stored in clear, as old clients did. */
  public static boolean hasClear(Format stored) {
    return !stored.flag("KeyEncrypted") && MEMBERS.stream().anyMatch(m -> isSecret(stored, m));
  }

  private static boolean isSecret(Format format, String member) {
    String text = format.text(member);
    return !text.isEmpty() && !text.equals(FormatJson.REMOVED);
  }

  /**
   * The settings as they are stored: secrets encrypted, if there are any.
   *
   * @param random nonces
   */
  public static Format sealed(Format clear, RandomGenerator random) {
    boolean hasSecret = MEMBERS.stream().anyMatch(m -> !clear.text(m).isEmpty());
    if (!hasSecret || clear.flag("KeyEncrypted")) {
      return clear;
    }
    Format sealed = clear.with("KeyEncrypted", true);
    for (String member : MEMBERS) {
      if (isSecret(clear, member)) {
        sealed = sealed.with(member, encrypt(clear, clear.text(member), random));
      }
    }
    return sealed;
  }

  /** The settings with every secret replaced by {@code removed}: for people and dumps. */
  public static Format masked(Format format) {
    Format masked = format;
    for (String member : MEMBERS) {
      if (!format.text(member).isEmpty()) {
        masked = masked.with(member, FormatJson.REMOVED);
      }
    }
    return masked;
  }

  private static String encrypt(Format format, String text, RandomGenerator random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, format, nonce);
      byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] stored = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, stored, nonce.length, sealed.length);
      return Base64.getEncoder().encodeToString(stored);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM", e);
    }
  }

  private static String decrypt(Format format, String member, String text) {
    try {
      byte[] stored = Base64.getDecoder().decode(text);
      if (stored.length < NONCE_BYTES) {
        throw new CorruptRecordException(member + " is too short to be an encrypted secret");
      }
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, format, stored);
      byte[] clear = cipher.doFinal(stored, NONCE_BYTES, stored.length - NONCE_BYTES);
      return new String(clear, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new CorruptRecordException(member + " does not decrypt with this volume's UUID");
    }
  }

  private static Cipher cipher(int mode, Format format, byte[] nonce)
      throws GeneralSecurityException {
    byte[] uuid = format.uuid().getBytes(StandardCharsets.US_ASCII);
    GCMParameterSpec parameters = new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES);
    if (format.text("EncryptAlgo").equals("sm4gcm")) {
      return ChineseStandards.cipher(mode, uuid, parameters);
    }
    byte[] key = MessageDigest.getInstance("MD5").digest(uuid);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), parameters);
    return cipher;
  }

  /** SM3 and SM4, which the JDK has not; loaded by those volumes only that need it. */
  private static final class ChineseStandards {
    private static final Provider PROVIDER = new BouncyCastleProvider();
    private static final byte[] FIRST_COUNTER = {0, 0, 0, 1};
    private static final int KEY_BYTES = 16;

    /** SM4-GCM under a key that the derivation of GB/T 32918.4 makes of the UUID. */
    static Cipher cipher(int mode, byte[] uuid, GCMParameterSpec parameters)
        throws GeneralSecurityException {
      MessageDigest digest = MessageDigest.getInstance("SM3", PROVIDER);
      digest.update(uuid);
      byte[] key = Arrays.copyOf(digest.digest(FIRST_COUNTER), KEY_BYTES);
      Cipher cipher = Cipher.getInstance("SM4/GCM/NoPadding", PROVIDER);
      cipher.init(mode, new SecretKeySpec(key, "SM4"), parameters);
      return cipher;
    }
  }
}
