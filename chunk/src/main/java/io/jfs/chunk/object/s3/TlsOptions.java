package io.jfs.chunk.object.s3;

import io.jfs.chunk.encrypt.Cryptography;
import io.jfs.chunk.encrypt.PrivateKeyFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS as the options of a bucket's URL want it. */
final class TlsOptions {
  private static final char[] NO_PASSWORD = new char[0];

  private final SSLContext context;
  private final X509TrustManager trust;

  private TlsOptions(SSLContext context, X509TrustManager trust) {
    this.context = context;
    this.trust = trust;
  }

  static TlsOptions of(BucketOptions options) throws IOException {
    try {
      X509TrustManager trust =
          options.trustAnyServer() ? new TrustAnyServer() : trustOf(caStore(options));
      SSLContext context = Cryptography.tls();
      context.init(keysOf(options), new TrustManager[] {trust}, null);
      return new TlsOptions(context, trust);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot set up TLS", e);
    }
  }

  SSLContext context() {
    return context;
  }

  X509TrustManager trust() {
    return trust;
  }

  /** Null means the certificates that Java brings. */
  private static @Nullable KeyStore caStore(BucketOptions options)
      throws GeneralSecurityException, IOException {
    if (options.caCerts().isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate certificate : certificates(options.caCerts())) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    return store;
  }

  private static X509TrustManager trustOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("no X.509 trust"));
  }

  private static KeyManager @Nullable [] keysOf(BucketOptions options)
      throws GeneralSecurityException, IOException {
    if (!options.hasClientCertificate()) {
      return null;
    }
    PrivateKey key = PrivateKeyFile.parse(Files.readString(Path.of(options.clientKey())), null);
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "client", key, NO_PASSWORD, certificates(options.clientCert()).toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String file)
      throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  /** What {@code tls-insecure-skip-verify} asks for; extended, so that no one adds checks. */
  private static final class TrustAnyServer extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
