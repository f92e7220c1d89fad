package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** Keys with certificates that they sign themselves, for {@code localhost}. */
final class TestKeys {
  private static final char[] PASSWORD = "password".toCharArray();

  /** Makes {@code ALGORITHM.crt} and {@code ALGORITHM.key} in a folder, and a store of both. */
  static void make(Path folder, String algorithm) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                algorithm,
                "-keysize",
                algorithm.equals("RSA") ? "2048" : "256",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-keystore",
                folder.resolve(algorithm + ".p12").toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = store(folder, algorithm);
    write(
        folder.resolve(algorithm + ".crt"),
        "CERTIFICATE",
        keys.getCertificate("node").getEncoded());
    write(
        folder.resolve(algorithm + ".key"),
        "PRIVATE KEY",
        keys.getKey("node", PASSWORD).getEncoded());
  }

  /** The store of an algorithm that was made. */
  static KeyStore store(Path folder, String algorithm) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(folder.resolve(algorithm + ".p12"))) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private static void write(Path file, String label, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(
                label,
                Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der),
                label));
  }

  private TestKeys() {}
}
