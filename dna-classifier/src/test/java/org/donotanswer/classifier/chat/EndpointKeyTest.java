package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointKeyTest {
    private static final String AZURE = "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21";

    @ParameterizedTest
    @CsvSource({
        AZURE + ", k1, api-key, k1",
        "https://R.COGNITIVESERVICES.AZURE.COM/openai/deployments/d/chat/completions, k1, api-key, k1",
        // A token of Entra ID, and the address that is like OpenAI's.
        AZURE + ", eyJh.b.c, Authorization, Bearer eyJh.b.c",
        "https://r.openai.azure.com/openai/v1, k1, Authorization, Bearer k1",
        "https://openai.azure.com.evil.example/openai/deployments/d, k1, Authorization, Bearer k1",
        "http://localhost/openai/deployments/d, k1, Authorization, Bearer k1"
    })
    void of_noHeaderIsChosen_dependsOnTheEndpoint(String endpoint, String key, String header, String value) {
        assertThat(ApiKey.of(key, null, null, Endpoint.of(endpoint))).isEqualTo(new ApiKey(header, value));
    }

    @Test
    void of_chosenHeader_isUsed() {
        assertThat(ApiKey.of("k1", "Authorization", null, Endpoint.of(AZURE)))
                .isEqualTo(new ApiKey("Authorization", "Bearer k1"))
                .hasToString("ApiKey[header=Authorization]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "api key", "a:b", "a\r\nHost", "schlüssel"})
    void apiKeyHeader_malformed_isRejected(String name) {
        assertThatThrownBy(() -> OpenAiChatModel.builder().apiKeyHeader(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("apiKeyHeader must be the name of a header, but was malformed");
    }

    @Test
    void apiKeyHeader_otherUse_isRejected() {
        assertThatThrownBy(() -> OpenAiChatModel.builder().apiKeyHeader("Content-Length"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("apiKeyHeader must be a header for a key, but was Content-Length");
        assertThatThrownBy(() -> OpenAiChatModel.builder().apiKeyHeader("Authorization", "a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scheme must be letters, digits and hyphens, but was not");
        OpenAiChatModel.Builder builder = OpenAiChatModel.builder()
                .endpoint(Endpoint.of(AZURE))
                .model("m")
                .apiKeyHeader("api-key");
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("apiKey must be set with apiKeyHeader, but was not");
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/v1/chat/completions, http://h/v1",
        "http://h/v1/chat/completions/, http://h/v1",
        "http://h/v1//, http://h/v1",
        "http://h/chat/completions?x=1, http://h",
        "http://h/my/chat, http://h/my/chat"
    })
    void address_withThePathOfRequests_isTheBase(String given, String base) {
        assertThat(Endpoint.of(given).address()).isEqualTo(base);
    }
}
