package io.jfs.chunk.encrypt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Seals and opens objects (data format 2.3): each has a data key of its own, which lies before the
 * data, wrapped with the volume's RSA key.
 */
public final class Encryption {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int PREFIX_BYTES = 3;
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256",
          "MGF1",
          MGF1ParameterSpec.SHA256,
          new PSource.PSpecified("keys".getBytes(StandardCharsets.US_ASCII)));

  /** How data is sealed. */
  private enum Algorithm {
    AES_256_GCM("AES", 32) {
      @Override
      AlgorithmParameterSpec parameters(byte[] nonce) {
        return new GCMParameterSpec(TAG_BYTES * 8, nonce);
      }

      @Override
      Cipher newCipher() throws GeneralSecurityException {
        return Cryptography.aesGcm();
      }
    },
    CHACHA20_POLY1305("ChaCha20", 32) {
      @Override
      AlgorithmParameterSpec parameters(byte[] nonce) {
        return new IvParameterSpec(nonce);
      }

      @Override
      Cipher newCipher() throws GeneralSecurityException {
        return Cryptography.chaCha20Poly1305();
      }
    },
    SM4_GCM("SM4", 16) {
      @Override
      AlgorithmParameterSpec parameters(byte[] nonce) {
        return new GCMParameterSpec(TAG_BYTES * 8, nonce);
      }

      @Override
      Cipher newCipher() throws GeneralSecurityException {
        return Cipher.getInstance("SM4/GCM/NoPadding", BouncyCastle.PROVIDER);
      }
    };

    private final String keyAlgorithm;
    private final int keyBytes;

    Algorithm(String keyAlgorithm, int keyBytes) {
      this.keyAlgorithm = keyAlgorithm;
      this.keyBytes = keyBytes;
    }

    abstract AlgorithmParameterSpec parameters(byte[] nonce);

    abstract Cipher newCipher() throws GeneralSecurityException;

    Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
      Cipher cipher = newCipher();
      cipher.init(mode, new SecretKeySpec(key, keyAlgorithm), parameters(nonce));
      return cipher;
    }
  }

  /** Has what the others have not; loaded by those volumes only that need it. */
  private static final class BouncyCastle {
    private static final Provider PROVIDER = new BouncyCastleProvider();
  }

  private final Algorithm algorithm;
  private final int wrappedBytes;
  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final SecureRandom random = new SecureRandom();

  private Encryption(Algorithm algorithm, RSAPrivateCrtKey privateKey)
      throws GeneralSecurityException {
    this.algorithm = algorithm;
    this.wrappedBytes = (privateKey.getModulus().bitLength() + 7) / 8;
    KeyFactory keys = Cryptography.rsaKeys();
    this.privateKey = (PrivateKey) keys.translateKey(privateKey);
    this.publicKey =
        keys.generatePublic(
            new RSAPublicKeySpec(privateKey.getModulus(), privateKey.getPublicExponent()));
  }

  /**
   * The encryption of a volume.
   *
   * @param name setting {@code EncryptAlgo}; empty means the default, aes256gcm-rsa
   * @throws IOException if there is none of that name
   */
  public static Encryption of(String name, RSAPrivateCrtKey key) throws IOException {
    Algorithm algorithm =
        switch (name) {
          case "", "aes256gcm-rsa" -> Algorithm.AES_256_GCM;
          case "chacha20-rsa" -> Algorithm.CHACHA20_POLY1305;
          case "sm4gcm" -> Algorithm.SM4_GCM;
          default -> throw new IOException("unsupported encryption: " + name);
        };
    try {
      return new Encryption(algorithm, key);
    } catch (GeneralSecurityException e) {
      throw new IOException("unusable private key", e);
    }
  }

  /** By how much an object is longer than its plain bytes. */
  public int overheadBytes() {
    return PREFIX_BYTES + wrappedBytes + NONCE_BYTES + TAG_BYTES;
  }

  /** Seals {@code plain} (left as it was) into {@code sealed}, whose position moves to the end. */
  public void seal(ByteBuffer plain, ByteBuffer sealed) throws IOException {
    byte[] key = new byte[algorithm.keyBytes];
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(key);
    random.nextBytes(nonce);
    try {
      byte[] wrapped = rsa(Cipher.ENCRYPT_MODE).doFinal(key);
      sealed.putShort((short) wrapped.length).put((byte) NONCE_BYTES).put(wrapped).put(nonce);
      int ignored =
          algorithm.cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(plain.duplicate(), sealed);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot encrypt object", e);
    }
  }

  /**
   * Opens {@code sealed}, a whole object, into {@code plain}.
   *
   * @throws IOException if the object was changed or sealed with another key
   */
  public void open(ByteBuffer sealed, ByteBuffer plain) throws IOException {
    if (sealed.remaining() < PREFIX_BYTES) {
      throw new IOException("encrypted object is too short");
    }
    int keyBytes = sealed.getShort() & 0xFFFF;
    int nonceBytes = sealed.get() & 0xFF;
    if (keyBytes + nonceBytes >= sealed.remaining()) {
      throw new IOException("encrypted object is too short for its header");
    }
    byte[] wrapped = new byte[keyBytes];
    byte[] nonce = new byte[nonceBytes];
    sealed.get(wrapped).get(nonce);
    try {
      byte[] key = rsa(Cipher.DECRYPT_MODE).doFinal(wrapped);
      int ignored = algorithm.cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(sealed, plain);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot decrypt object", e);
    }
  }

  private Cipher rsa(int mode) throws GeneralSecurityException {
    Cipher cipher = Cryptography.rsaOaep();
    cipher.init(mode, mode == Cipher.ENCRYPT_MODE ? publicKey : privateKey, OAEP);
    return cipher;
  }
}
