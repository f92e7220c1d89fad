package dev.kantele.runtime.model.http;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.settings.SettingsReader;
import java.net.URI;
import java.net.URISyntaxException;

/** Reads where a vendor's API is. */
public final class BaseUrl {
  /**
   * Reads the address under {@code key}, without a slash at its end. An empty one, as of a variable
   * that is set to nothing, counts as not set.
   *
   * @param ifUnset the vendor's own address
   * @param expected what is expected, for the sentence that says that it is something else
   */
  public static URI read(SettingsReader settings, String key, String ifUnset, String expected) {
    // An address may hold a password.
    String text = settings.secret(key).map(Secret::reveal).orElse(ifUnset).replaceAll("/+$", "");
    try {
      var url = new URI(text);
      boolean usable =
          url.getScheme() != null
              && url.getScheme().matches("(?i)https?")
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      if (usable) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Said below.
    }
    throw settings.invalidSecret(key, expected);
  }

  private BaseUrl() {}
}
