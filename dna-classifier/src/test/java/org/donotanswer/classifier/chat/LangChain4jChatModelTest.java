package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LangChain4jChatModelTest {
    private static final ChatRequest REQUEST = ChatRequest.of("May I pet the unicorn?");

    /** A model of LangChain4j that follows a script. */
    private static final class Scripted implements dev.langchain4j.model.chat.ChatModel {
        private final List<dev.langchain4j.model.chat.request.ChatRequest> requests = new ArrayList<>();
        private final @Nullable ChatRequestParameters parameters;
        private final Function<dev.langchain4j.model.chat.request.ChatRequest, @Nullable ChatResponse> script;

        Scripted(
                @Nullable ChatRequestParameters parameters,
                Function<dev.langchain4j.model.chat.request.ChatRequest, @Nullable ChatResponse> script) {
            this.parameters = parameters;
            this.script = script;
        }

        @Override
        public @Nullable ChatResponse chat(dev.langchain4j.model.chat.request.ChatRequest request) {
            requests.add(request);
            return script.apply(request);
        }

        @Override
        public @Nullable ChatRequestParameters defaultRequestParameters() {
            return parameters;
        }
    }

    private static ChatRequestParameters named(@Nullable String name) {
        return ChatRequestParameters.builder().modelName(name).build();
    }

    private static LangChain4jChatModel replying(ChatResponse response) {
        return LangChain4jChatModel.of(new Scripted(named("tiny-1"), request -> response));
    }

    private static LangChain4jChatModel throwing(RuntimeException failure) {
        return LangChain4jChatModel.of(new Scripted(named("tiny-1"), request -> {
            throw failure;
        }));
    }

    private static ChatException failure(RuntimeException thrown) {
        ChatException failure =
                catchThrowableOfType(ChatException.class, () -> throwing(thrown).chat(REQUEST));
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage()).doesNotContain("unicorn");
        assertThat(failure).hasNoCause();
        assertThat(failure.retryAfter()).isEmpty();
        return failure;
    }

    private static ChatResponse.Builder saying(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text));
    }

    @Test
    void chat_sendsTheMessagesAndNothingElse() throws Exception {
        Scripted scripted = new Scripted(
                named("tiny-1"),
                request -> saying("No.").finishReason(FinishReason.STOP).build());
        LangChain4jChatModel model = LangChain4jChatModel.of(scripted);

        ChatReply reply = model.chat(new ChatRequest(Optional.of("Be brief.\uD83D"), "Why? \uDC00", Optional.empty()));

        assertThat(reply).isEqualTo(new ChatReply("No.", Finish.STOP, TokenUsage.NONE, "tiny-1"));
        assertThat(scripted.requests).hasSize(1);
        assertThat(scripted.requests.get(0).messages())
                .containsExactly(SystemMessage.from("Be brief.\uFFFD"), UserMessage.from("Why? \uFFFD"));
        assertThat(scripted.requests.get(0).responseFormat()).isNull();
        assertThat(scripted.requests.get(0).temperature()).isNull();
        assertThat(scripted.requests.get(0).maxOutputTokens()).isNull();
    }

    @Test
    void chat_simpleSchema_isSentAsElements() throws Exception {
        Scripted scripted =
                new Scripted(named("tiny-1"), request -> saying("{}").build());
        String json =
                "{\"type\":\"object\",\"properties\":{\"t\":{\"type\":\"string\"},\"e\":{\"type\":\"string\",\"enum\":"
                        + "[\"A\",\"B\"]},\"b\":{\"type\":\"boolean\"},\"n\":{\"type\":\"number\"}},\"required\":[\"t\",\"e\"],"
                        + "\"additionalProperties\":false}";

        ChatReply unused = LangChain4jChatModel.of(scripted)
                .chat(new ChatRequest(Optional.empty(), "u", Optional.of(new JsonReplySchema("s", json))));

        var schema = scripted.requests.get(0).responseFormat().jsonSchema();
        assertThat(schema.name()).isEqualTo("s");
        Map<String, JsonSchemaElement> properties = Map.of(
                "t", JsonStringSchema.builder().build(),
                "e", JsonEnumSchema.builder().enumValues("A", "B").build(),
                "b", JsonBooleanSchema.builder().build(),
                "n", JsonNumberSchema.builder().build());
        assertThat(schema.rootElement())
                .isEqualTo(JsonObjectSchema.builder()
                        .addProperties(properties)
                        .required("t", "e")
                        .additionalProperties(false)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"array\"}",
                "{\"type\":\"object\",\"$defs\":{}}",
                "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\",\"minimum\":0}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\"}}}"
            })
    void chat_otherSchema_isSentAsItIs(String json) throws Exception {
        Scripted scripted =
                new Scripted(named("tiny-1"), request -> saying("{}").build());

        ChatReply unused = LangChain4jChatModel.of(scripted)
                .chat(new ChatRequest(Optional.empty(), "u", Optional.of(new JsonReplySchema("s", json))));

        assertThat(scripted.requests.get(0).responseFormat().jsonSchema().rootElement())
                .isEqualTo(JsonRawSchema.from(json));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, STOP",
        "LENGTH, LENGTH",
        "CONTENT_FILTER, CONTENT_FILTER",
        "TOOL_EXECUTION, OTHER",
        "OTHER, OTHER",
        ", OTHER"
    })
    void chat_finishReason_isKept(@Nullable FinishReason reason, Finish finish) throws Exception {
        ChatReply reply = replying(saying("x")
                        .finishReason(reason)
                        .tokenUsage(new dev.langchain4j.model.output.TokenUsage(7, null))
                        .modelName("tiny-1-2026")
                        .build())
                .chat(REQUEST);

        assertThat(reply).isEqualTo(new ChatReply("x", finish, new TokenUsage(7, 0), "tiny-1-2026"));
    }

    @Test
    void chat_noText_isAnEmptyReply() throws Exception {
        ToolExecutionRequest tool =
                ToolExecutionRequest.builder().id("1").name("t").arguments("{}").build();

        assertThat(replying(ChatResponse.builder()
                                .aiMessage(AiMessage.from(tool))
                                .build())
                        .chat(REQUEST)
                        .text())
                .isEmpty();
        assertThat(replying(saying("").finishReason(FinishReason.CONTENT_FILTER).build())
                        .chat(REQUEST))
                .isEqualTo(new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, "tiny-1"));
    }

    @Test
    void chat_null_isAMalformedReply() {
        LangChain4jChatModel model = LangChain4jChatModel.of(new Scripted(named("tiny-1"), request -> null));

        ChatException failure = catchThrowableOfType(ChatException.class, () -> model.chat(REQUEST));

        assertThat(failure).hasMessage("chat model must return a reply, but returned null");
        assertThat(failure.kind()).isEqualTo(FailureKind.MALFORMED_REPLY);
    }

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new AuthenticationException("unicorn"), FailureKind.AUTHENTICATION),
                Arguments.of(new ModelNotFoundException("unicorn"), FailureKind.UNKNOWN_MODEL),
                Arguments.of(new RateLimitException("unicorn"), FailureKind.RATE_LIMITED),
                Arguments.of(new TimeoutException("unicorn"), FailureKind.TIMEOUT),
                Arguments.of(new InternalServerException("unicorn"), FailureKind.SERVER_FAILURE),
                Arguments.of(new UnresolvedModelServerException("unicorn"), FailureKind.UNKNOWN_ENDPOINT),
                Arguments.of(new InvalidRequestException("unicorn"), FailureKind.REJECTED),
                Arguments.of(new UnsupportedFeatureException("unicorn"), FailureKind.REJECTED),
                Arguments.of(new RuntimeException(new RateLimitException("unicorn")), FailureKind.RATE_LIMITED),
                Arguments.of(new RuntimeException(new SocketTimeoutException("unicorn")), FailureKind.TIMEOUT),
                Arguments.of(
                        new LangChain4jException(new UnknownHostException("unicorn")), FailureKind.UNKNOWN_ENDPOINT),
                Arguments.of(
                        new UncheckedIOException((IOException)
                                new SSLHandshakeException("unicorn").initCause(new CertificateException("u"))),
                        FailureKind.UNKNOWN_ENDPOINT),
                Arguments.of(new UncheckedIOException(new ConnectException("unicorn")), FailureKind.CONNECTION),
                Arguments.of(new LangChain4jException("unicorn"), FailureKind.SERVER_FAILURE),
                Arguments.of(new NullPointerException("unicorn"), FailureKind.SERVER_FAILURE),
                Arguments.of(new IllegalArgumentException("unicorn"), FailureKind.REJECTED),
                Arguments.of(new UnsupportedOperationException("unicorn"), FailureKind.REJECTED));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void chat_exception_isAFailureOfItsKind(RuntimeException thrown, FailureKind kind) {
        ChatException failure = failure(thrown);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.getMessage())
                .matches(".* must .*, but .*|reply was not complete in time|host of the endpoint is unknown"
                        + "|certificate of the endpoint is not trusted");
        assertThat(failure.status()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            401 | unicorn | AUTHENTICATION | key must be one that the endpoint accepts for the model, but was not (status 401)
            404 | {"error":{"code":"model_not_found"}} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 404, model_not_found)
            404 | unicorn | UNKNOWN_ENDPOINT | endpoint must be at the address that the model is configured with, but was not found (status 404)
            400 | {"error":{"message":"unicorn"}} | REJECTED | request must be one that the endpoint accepts, but was rejected (status 400)
            429 | unicorn | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 429)
            503 | unicorn | SERVER_FAILURE | endpoint must reply, but was failing (status 503)
            """)
    void chat_statusOfTheEndpoint_decidesTheKind(int status, String body, FailureKind kind, String message) {
        ChatException failure = failure(new InvalidRequestException(new HttpException(status, body)));

        assertThat(failure).hasMessage(message);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(OptionalInt.of(status));
    }

    @Test
    void chat_contentFilter_isAnEmptyReply() throws Exception {
        for (RuntimeException filtered : List.of(
                new ContentFilteredException("unicorn"),
                new ContentFilteredException(new HttpException(400, "unicorn")),
                new InvalidRequestException(
                        new HttpException(400, "{\"error\":{\"code\":\"content_filter\",\"message\":\"unicorn\"}}")))) {
            assertThat(throwing(filtered).chat(REQUEST))
                    .isEqualTo(new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, "tiny-1"));
        }
    }

    @Test
    void chat_interrupted_isAnInterruption() {
        assertThatThrownBy(() -> throwing(new RuntimeException(new InterruptedException()))
                        .chat(REQUEST))
                .isInstanceOf(InterruptedException.class);
        LangChain4jChatModel model = LangChain4jChatModel.of(new Scripted(named("tiny-1"), request -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unicorn");
        }));
        assertThatThrownBy(() -> model.chat(REQUEST)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void chat_blankRequest_isTheCallersError() {
        assertThatThrownBy(() -> replying(saying("x").build()).chat(ChatRequest.of(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user message must not be blank, but was");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void of_modelWithoutAName_needsOne(@Nullable String reported) {
        Scripted scripted = new Scripted(named(reported), request -> saying("x").build());

        assertThatThrownBy(() -> LangChain4jChatModel.of(scripted))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chat model must report its name, but did not (Scripted): name it with of(model, name)");
        assertThatThrownBy(() -> LangChain4jChatModel.of(scripted, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must not be blank, but was ' '");
        assertThat(LangChain4jChatModel.of(scripted, "mine").name()).isEqualTo("mine");
        assertThatThrownBy(() -> LangChain4jChatModel.of(new Scripted(null, request -> null)))
                .hasMessageStartingWith("chat model must report its name");
    }

    @Test
    void settings_areTheModelsOwn() {
        Scripted scripted = new Scripted(
                ChatRequestParameters.builder()
                        .modelName("tiny-1")
                        .temperature(0.5)
                        .topP(0.9)
                        .topK(4)
                        .maxOutputTokens(99)
                        .build(),
                request -> null);

        LangChain4jChatModel model = LangChain4jChatModel.of(scripted);

        assertThat(model.settings())
                .isEqualTo(Map.of("temperature", "0.5", "topP", "0.9", "topK", "4", "maxTokens", "99"));
        assertThat(RetryingChatModel.of(RateLimitedChatModel.of(model, 1), RetryPolicy.DEFAULT, 1)
                        .settings())
                .isEqualTo(model.settings());
        assertThat(model).hasToString("LangChain4jChatModel[model=tiny-1]");
    }

    @Test
    void close_endsTheUseOfTheAdapter() {
        LangChain4jChatModel model = replying(saying("x").build());
        model.close();
        model.close();

        assertThatThrownBy(() -> model.chat(REQUEST))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("LangChain4jChatModel is closed");
    }
}
