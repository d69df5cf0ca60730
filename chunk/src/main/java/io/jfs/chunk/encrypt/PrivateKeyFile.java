package io.jfs.chunk.encrypt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads an RSA private key from PEM text: PKCS#1 (RFC 8017 A.1.2), perhaps encrypted as of RFC
 * 1421; PKCS#8 (RFC 5208), perhaps encrypted with PBES2 (RFC 8018).
 */
public final class PrivateKeyFile {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final Pattern DEK_INFO = Pattern.compile("DEK-Info:\\s*([^,\\s]+),([0-9A-Fa-f]+)");

  /** DER of version 0 and the algorithm rsaEncryption with NULL parameters. */
  private static final byte[] RSA_HEADER =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private static final byte DER_SEQUENCE = 0x30;
  private static final byte DER_OCTETS = 0x04;

  private PrivateKeyFile() {}

  /**
   * Reads a key.
   *
   * @param passphrase null if none was given
   * @throws IOException if the text is no key, the passphrase is missing or wrong
   */
  public static RSAPrivateCrtKey parse(String pem, @Nullable String passphrase) throws IOException {
    Matcher found = PEM.matcher(pem);
    if (!found.find()) {
      throw new IOException("no private key in PEM form");
    }
    String body = found.group(2);
    boolean encrypted = body.contains("ENCRYPTED") || found.group(1).startsWith("ENCRYPTED");
    if (encrypted && (passphrase == null || passphrase.isEmpty())) {
      throw new IOException(
          "passphrase is required to private key: please set the 'JFS_RSA_PASSPHRASE' environment"
              + " variable");
    }
    try {
      byte[] pkcs8 =
          switch (found.group(1)) {
            case "RSA PRIVATE KEY" -> wrapPkcs1(pkcs1(body, passphrase));
            case "PRIVATE KEY" -> decode(body);
            case "ENCRYPTED PRIVATE KEY" -> decryptPkcs8(decode(body), String.valueOf(passphrase));
            default -> throw new IOException("unsupported key: " + found.group(1));
          };
      return asRsa(pkcs8);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      String trouble = encrypted ? "wrong passphrase or damaged private key" : "bad private key";
      throw new IOException(trouble, e);
    }
  }

  private static RSAPrivateCrtKey asRsa(byte[] pkcs8) throws GeneralSecurityException, IOException {
    Object key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    if (key instanceof RSAPrivateCrtKey rsa) {
      return rsa;
    }
    throw new IOException("private key lacks its public part");
  }

  private static byte[] decode(String body) {
    return Base64.getMimeDecoder().decode(body);
  }

  private static byte[] decryptPkcs8(byte[] der, String passphrase)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo sealed = new EncryptedPrivateKeyInfo(der);
    String algorithm = sealed.getAlgParameters().toString(); // PBES2 tells its parts only so
    SecretKey key =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(passphrase.toCharArray()));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.DECRYPT_MODE, key, sealed.getAlgParameters());
    return sealed.getKeySpec(cipher).getEncoded();
  }

  private static byte[] pkcs1(String body, @Nullable String passphrase)
      throws GeneralSecurityException, IOException {
    Matcher dek = DEK_INFO.matcher(body);
    if (!dek.find()) {
      return decode(body);
    }
    byte[] iv = HexFormat.of().parseHex(dek.group(2));
    byte[] sealed = decode(body.substring(dek.end()));
    return decryptPkcs1(sealed, dek.group(1), iv, String.valueOf(passphrase));
  }

  private static byte[] decryptPkcs1(byte[] sealed, String method, byte[] iv, String passphrase)
      throws GeneralSecurityException, IOException {
    record Method(String algorithm, int keyBytes) {}
    Method known =
        switch (method.toUpperCase(Locale.ROOT)) {
          case "AES-128-CBC" -> new Method("AES", 16);
          case "AES-192-CBC" -> new Method("AES", 24);
          case "AES-256-CBC" -> new Method("AES", 32);
          case "DES-EDE3-CBC" -> new Method("DESede", 24);
          case "DES-CBC" -> new Method("DES", 8);
          default -> throw new IOException("unsupported encryption of private key: " + method);
        };
    byte[] key = keyFromPassphrase(passphrase, iv, known.keyBytes);
    Cipher cipher = Cipher.getInstance(known.algorithm + "/CBC/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, known.algorithm), new IvParameterSpec(iv));
    return cipher.doFinal(sealed);
  }

  /** OpenSSL's EVP_BytesToKey with MD5 and one round; the salt is the start of the IV. */
  private static byte[] keyFromPassphrase(String passphrase, byte[] iv, int keyBytes)
      throws GeneralSecurityException {
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    ByteBuffer key = ByteBuffer.allocate((keyBytes + 15) / 16 * 16);
    byte[] last = new byte[0];
    while (key.hasRemaining()) {
      md5.update(last);
      md5.update(passphrase.getBytes(StandardCharsets.UTF_8));
      last = md5.digest(Arrays.copyOf(iv, 8));
      key.put(last);
    }
    return Arrays.copyOf(key.array(), keyBytes);
  }

  private static byte[] wrapPkcs1(byte[] pkcs1) {
    ByteBuffer octets = der(DER_OCTETS, ByteBuffer.wrap(pkcs1));
    ByteBuffer content =
        ByteBuffer.allocate(RSA_HEADER.length + octets.remaining()).put(RSA_HEADER).put(octets);
    return der(DER_SEQUENCE, content.flip()).array();
  }

  private static ByteBuffer der(byte tag, ByteBuffer content) {
    int length = content.remaining();
    ByteBuffer all = ByteBuffer.allocate(4 + length).put(tag).put((byte) 0x82);
    return all.putShort((short) length).put(content).flip(); // keys are 256 to 65535 bytes long
  }
}
