package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiChatModelBuilderTest {
    private static final String KEY = "sk-0123456789secret";

    private static OpenAiChatModel.Builder builder() {
        return OpenAiChatModel.builder().baseUrl("http://localhost/v1").model("tiny-1");
    }

    @Test
    void apiKey_isNeverShown() {
        assertThat(builder().apiKey(KEY).build().toString()).doesNotContain(KEY);
        assertThatThrownBy(() -> builder().apiKey(KEY).apiKey("sk-other"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("apiKey must be set once, but was set twice");
        assertThatThrownBy(() -> builder().apiKey(KEY + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("apiKey must be visible ASCII characters, but was not");
    }

    @Test
    void settings_areThoseThatAreSet_withoutTheKey() {
        assertThat(builder().build().settings()).isEqualTo(Map.of("endpoint", "http://localhost/v1"));
        assertThat(builder()
                        .apiKey(KEY)
                        .temperature(0)
                        .seed(7)
                        .maxCompletionTokens(99)
                        .timeout(Duration.ofSeconds(1))
                        .build()
                        .settings())
                .isEqualTo(Map.of(
                        "endpoint", "http://localhost/v1",
                        "temperature", "0.0",
                        "seed", "7",
                        "maxCompletionTokens", "99"));
    }

    @Test
    void builder_badValues_areNamed() {
        assertThatThrownBy(() -> builder().model("b")).hasMessage("model must be set once, but was tiny-1 and then b");
        assertThatThrownBy(() -> builder().temperature(-1)).hasMessage("temperature must be at least 0, but was -1.0");
        assertThatThrownBy(() -> builder().temperature(Double.NaN))
                .hasMessage("temperature must be at least 0, but was NaN");
        assertThatThrownBy(() -> builder().maxTokens(0)).hasMessage("maxTokens must be at least 1, but was 0");
        assertThatThrownBy(() -> builder().maxTokens(1).maxCompletionTokens(2))
                .hasMessage("maxTokens must be set once, but was 1 and then 2");
        assertThatThrownBy(() -> builder().timeout(Duration.ZERO)).hasMessage("timeout must be positive, but was PT0S");
        assertThatThrownBy(() -> OpenAiChatModel.builder().build()).hasMessage("endpoint must be set, but was not");
        assertThatThrownBy(() -> OpenAiChatModel.builder().model(" "))
                .hasMessage("model must not be blank, but was ' '");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ftp://unicorn | endpoint must start with http:// or https://, but was of another scheme
            unicorn:8080 | endpoint must start with http:// or https://, but was of another scheme
            unicorn | endpoint must start with http:// or https://, but was without a scheme
            http://me:unicorn@host/v1 | endpoint must not have a user or password, but had one
            http://a b | endpoint must be a URL, but was malformed at index 7
            http:///v1 | endpoint must name a host, but did not
            http:/v1 | endpoint must name a host, but did not
            http://host/v1#unicorn | endpoint must not have a fragment, but had one
            """)
    void endpoint_badAddress_isNotShown(String address, String message) {
        assertThatThrownBy(() -> Endpoint.of(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage(message);
    }

    @Test
    void endpoint_isShownWithoutPossibleKeys() {
        assertThat(Endpoint.of(" HTTPS://Host:8443/v1//?key=unicorn ")).hasToString("https://Host:8443/v1?key");
        assertThat(Endpoint.of("http://h/v1?api-version=2&Api%4Bey=unicorn&x=a%26b&se=1&sig=unicorn&Code=unicorn"
                        + "&password=unicorn&access_token=unicorn&my_secret=unicorn&Signature=unicorn"))
                .hasToString("http://h/v1?api-version=2&Api%4Bey&x=a%26b&se=1&sig&Code&password&access_token&my_secret"
                        + "&Signature");
        assertThat(Endpoint.of("http://h/v1?unicorn&=unicorn&&")).hasToString("http://h/v1");
        assertThat(Endpoint.of("http://h/v1?")).hasToString("http://h/v1");
        assertThat(Endpoint.of("http://[::1]:80")).hasToString("http://[::1]:80");
    }
}
