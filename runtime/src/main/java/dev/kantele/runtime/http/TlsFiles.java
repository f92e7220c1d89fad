package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.settings.SettingsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A node's certificate and its key, in files of PEM (RFC 7468): the chain with the node's own
 * certificate first, and the key in PKCS #8, unencrypted.
 *
 * @param certificate the file of the chain
 * @param key the file of the key
 */
public record TlsFiles(Path certificate, Path key) {
  private static final String PATH = "kantele.http.tls.";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  public TlsFiles {
    requireNonNull(certificate, "certificate");
    requireNonNull(key, "key");
  }

  /**
   * Finds out whether a node could use the files.
   *
   * @throws SettingsException if not; the message says what to do and holds nothing of the key
   */
  public void check() {
    SSLContext _ = context();
  }

  /**
   * Reads the files.
   *
   * @throws SettingsException if that can't be, or they do not belong together; the message says
   *     what to do and holds nothing of the key
   */
  SSLContext context() {
    try {
      Certificate[] chain = chain();
      PrivateKey privateKey = privateKey();
      if (!belongTogether(privateKey, chain[0].getPublicKey())) {
        throw new InvalidKeyException("another key's certificate");
      }
      char[] none = new char[0];
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("node", privateKey, none, chain);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new SettingsException(
          PATH + "key: " + key + " does not fit the certificate " + certificate, e);
    }
  }

  /* Whether what one signs the other verifies. A key store takes any pair, and handshakes fail then. */
  private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (privateKey.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> privateKey.getAlgorithm();
            });
    byte[] probe = {1};
    signature.initSign(privateKey);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(probe);
    return signature.verify(signed);
  }

  private Certificate[] chain() {
    byte[] pem = read("certificate", certificate);
    try {
      var chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .toArray(Certificate[]::new);
      if (chain.length > 0) {
        return chain;
      }
    } catch (CertificateException _) {
      // Told below.
    }
    throw new SettingsException(
        PATH + "certificate: " + certificate + " holds no certificate (expected: PEM)");
  }

  private PrivateKey privateKey() {
    String pem = new String(read("key", key), US_ASCII);
    Matcher matcher = KEY.matcher(pem);
    if (matcher.find()) {
      byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
      for (String algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException _) {
          // Of another algorithm.
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(algorithm + ": missing (expected: it is in a JDK)", e);
        }
      }
    }
    throw new SettingsException(
        PATH
            + "key: "
            + key
            + " holds no key in PKCS #8 without a password; make one of yours with: openssl pkcs8"
            + " -topk8 -nocrypt -in KEY -out NEW_KEY");
  }

  private static byte[] read(String name, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SettingsException(
          PATH + name + ": " + file + " can't be read (expected: a file that this user may read)",
          e);
    }
  }
}
