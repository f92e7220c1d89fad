package dev.kantele.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.security.StaticTokens.Entry;
import dev.kantele.runtime.settings.SettingsException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StaticTokensTest {
  private static final Secret TOKEN = new Secret("correct horse");
  private static final Secret OTHER = new Secret("battery staple");

  private static Entry entry(String principal, Secret token) {
    return new Entry(principal, TokenHash.of(token));
  }

  private static Authentication judge(Authenticator authenticator, Optional<Secret> token) {
    return authenticator
        .authenticate(token, InetAddress.getLoopbackAddress())
        .toCompletableFuture()
        .join();
  }

  @Nested
  class A_client {
    private final StaticTokens tokens =
        StaticTokens.of(List.of(entry("ann", TOKEN), entry("ann", OTHER)));

    @Test
    void is_the_principal_of_its_token() {
      assertThat(judge(tokens, Optional.of(TOKEN)))
          .isEqualTo(new Authentication.Authenticated("ann"));
      assertThat(judge(tokens, Optional.of(OTHER)))
          .isEqualTo(new Authentication.Authenticated("ann"));
    }

    @Test
    void with_another_token_is_refused() {
      assertThat(judge(tokens, Optional.of(new Secret("correct horse "))))
          .isEqualTo(new Authentication.Refused("The token is not valid."));
    }

    @Test
    void with_the_hash_for_a_token_is_refused() {
      assertThat(judge(tokens, Optional.of(new Secret(TokenHash.of(TOKEN).hex()))))
          .isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void without_a_token_is_told_to_send_one() {
      assertThat(judge(tokens, Optional.empty()))
          .isEqualTo(
              new Authentication.Refused(
                  "This node wants a token; send it in hello or as a bearer token."));
    }
  }

  @Test
  void the_hash_is_the_one_of_the_standard() {
    // FIPS 180-4, the example of one block.
    assertThat(TokenHash.of(new Secret("abc")).hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void new_tokens_are_long_and_never_the_same() {
    var random = new SecureRandom();
    var seen = new HashSet<String>();

    for (int i = 0; i < 100; i++) {
      String token = TokenHash.newToken(random).reveal();
      assertThat(token).matches("kt_[A-Za-z0-9_-]{43}");
      assertThat(seen.add(token)).isTrue();
    }
  }

  @Test
  void one_token_is_of_one_principal() {
    assertThatThrownBy(() -> StaticTokens.of(List.of(entry("ann", TOKEN), entry("bob", TOKEN))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("ann", "bob")
        .hasMessageNotContaining(TokenHash.of(TOKEN).hex());
  }

  @Nested
  class Settings {
    @TempDir Path folder;

    private SecuritySettings settings(Map<String, Object> security) {
      return SecuritySettings.from(
          ConfigFactory.parseMap(Map.of("security", security))
              .withFallback(
                  ConfigFactory.parseString(
                      """
                  security {
                    tokens = []
                    limits { sessions = 1, connections = 1, commands-per-second = 1, command-burst = 1 }
                  }
                  """)));
    }

    private String line(String principal, Secret token) {
      return principal + ":" + TokenHash.of(token).hex();
    }

    @Test
    void with_nothing_set_ask_nobody() {
      assertThat(settings(Map.of()).authenticates()).isFalse();
      assertThat(settings(Map.of()).authenticator(Clock.systemUTC())).isEmpty();
    }

    @Test
    void take_tokens_from_a_list_a_text_and_a_file() throws Exception {
      Path file = folder.resolve("tokens");
      Files.writeString(file, "# whose\n\n  " + line("carol", OTHER) + "  \n");

      var listed = settings(Map.of("tokens", List.of(line("ann", TOKEN))));
      var text = settings(Map.of("tokens", line("ann", TOKEN) + ", " + line("bob@x", OTHER)));
      var both =
          settings(Map.of("tokens", List.of(line("ann", TOKEN)), "tokens-file", file.toString()));

      assertThat(listed.tokens()).containsExactly(entry("ann", TOKEN));
      assertThat(text.tokens()).containsExactly(entry("ann", TOKEN), entry("bob@x", OTHER));
      assertThat(judge(both.authenticator(Clock.systemUTC()).orElseThrow(), Optional.of(OTHER)))
          .isEqualTo(new Authentication.Authenticated("carol"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret-token", "ann:secret-token", "a b:", ":", "ann:ABC"})
    void never_repeat_what_may_be_a_token(String wrong) throws Exception {
      Path file = folder.resolve("tokens");
      Files.writeString(file, "#\n" + wrong + "\n");

      assertThatThrownBy(() -> settings(Map.of("tokens", List.of(wrong))))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              "kantele.security.tokens[0]: no token's (expected: PRINCIPAL:HASH, as ./kantele token"
                  + " prints it)");
      assertThatThrownBy(() -> settings(Map.of("tokens-file", file.toString())))
          .isInstanceOf(SettingsException.class)
          .hasMessageContainingAll("kantele.security.tokens-file", "line 2")
          .hasMessageNotContaining("secret");
    }

    @Test
    void name_a_file_that_is_not_there() {
      Path file = folder.resolve("none");

      assertThatThrownBy(() -> settings(Map.of("tokens-file", file.toString())))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              "kantele.security.tokens-file: %s does not exist (expected: a file)".formatted(file));
    }

    @Test
    void refuse_what_they_do_not_know() {
      assertThatThrownBy(() -> settings(Map.of("token", "x")))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("kantele.security.token: unknown key");
    }
  }
}
