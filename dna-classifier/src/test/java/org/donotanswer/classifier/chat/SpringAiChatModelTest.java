package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

class SpringAiChatModelTest {
    private static final ChatRequest REQUEST = ChatRequest.of("May I pet the unicorn?");

    /** A model of Spring AI that follows a script. */
    private static final class Scripted implements org.springframework.ai.chat.model.ChatModel {
        private final List<Prompt> prompts = new ArrayList<>();
        private final @Nullable ChatOptions options;
        private final Function<Prompt, @Nullable ChatResponse> script;

        Scripted(@Nullable ChatOptions options, Function<Prompt, @Nullable ChatResponse> script) {
            this.options = options;
            this.script = script;
        }

        @Override
        public @Nullable ChatResponse call(Prompt prompt) {
            prompts.add(prompt);
            return script.apply(prompt);
        }

        @Override
        public @Nullable ChatOptions getDefaultOptions() {
            return options;
        }
    }

    /** As in spring-ai-retry. */
    private static final class TransientAiException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TransientAiException(String message) {
            super(message);
        }
    }

    /** As in spring-ai-retry. */
    private static final class NonTransientAiException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NonTransientAiException(String message) {
            super(message);
        }
    }

    /** The status of a response, as in Spring's HTTP clients. */
    public record Status(int value) {}

    /** As in Spring's HTTP clients. */
    public static final class ResponseException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Status status;
        private final String body;

        ResponseException(int status, String body) {
            super(status + " unicorn");
            this.status = new Status(status);
            this.body = body;
        }

        public Status getStatusCode() {
            return status;
        }

        public String getResponseBodyAsString() {
            return body;
        }
    }

    /** As in the clients of some providers. */
    public static final class ServiceException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        ServiceException(int status) {
            super("unicorn");
            this.status = status;
        }

        public int statusCode() {
            return status;
        }
    }

    private static ChatOptions named(@Nullable String name) {
        return ChatOptions.builder().model(name).build();
    }

    private static SpringAiChatModel replying(@Nullable ChatResponse response) {
        return SpringAiChatModel.of(new Scripted(named("tiny-1"), prompt -> response));
    }

    private static SpringAiChatModel throwing(RuntimeException failure) {
        return SpringAiChatModel.of(new Scripted(named("tiny-1"), prompt -> {
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

    private static Generation generation(@Nullable String text, @Nullable String finish) {
        return new Generation(
                new AssistantMessage(text),
                ChatGenerationMetadata.builder().finishReason(finish).build());
    }

    private static ChatResponse saying(Generation... generations) {
        return new ChatResponse(Arrays.asList(generations));
    }

    @Test
    void chat_sendsTheMessagesAndNothingElse() throws Exception {
        Scripted scripted = new Scripted(named("tiny-1"), prompt -> saying(generation("No.", "stop")));

        ChatReply reply = SpringAiChatModel.of(scripted)
                .chat(new ChatRequest(Optional.of("Be {brief}.\uD83D"), "Why {unicorn}? \uDC00", Optional.empty()));

        assertThat(reply).isEqualTo(new ChatReply("No.", Finish.STOP, TokenUsage.NONE, "tiny-1"));
        assertThat(scripted.prompts).hasSize(1);
        assertThat(scripted.prompts.get(0).getOptions()).isNull();
        assertThat(scripted.prompts.get(0).getInstructions())
                .extracting(message -> message.getMessageType() + " " + message.getText())
                .containsExactly(
                        MessageType.SYSTEM + " Be {brief}.\uFFFD", MessageType.USER + " Why {unicorn}? \uFFFD");
    }

    @Test
    void chat_schema_isRejectedWithoutBeingSent() {
        Scripted scripted = new Scripted(named("tiny-1"), prompt -> saying(generation("{}", "stop")));
        ChatRequest request = new ChatRequest(Optional.empty(), "u", Optional.of(new JsonReplySchema("s", "{}")));

        ChatException failure = catchThrowableOfType(
                ChatException.class, () -> SpringAiChatModel.of(scripted).chat(request));

        assertThat(failure).hasMessage("request to a Spring AI model must not have a schema, but had one");
        assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(scripted.prompts).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "STOP, STOP",
        "end_turn, STOP",
        "stop_sequence, STOP",
        "LENGTH, LENGTH",
        "max_tokens, LENGTH",
        "MAX_TOKENS, LENGTH",
        "content_filter, CONTENT_FILTER",
        "CONTENT_FILTER, CONTENT_FILTER",
        "SAFETY, CONTENT_FILTER",
        "guardrail_intervened, CONTENT_FILTER",
        "refusal, REFUSAL",
        "TOOL_CALLS, OTHER",
        "'', OTHER",
        ", OTHER"
    })
    void chat_finishReasonsOfProviders_areKept(@Nullable String reason, Finish finish) throws Exception {
        assertThat(replying(saying(generation("x", reason))).chat(REQUEST).finish())
                .isEqualTo(finish);
    }

    @Test
    void chat_usageAndModel_areKept() throws Exception {
        ChatResponseMetadata metadata = ChatResponseMetadata.builder()
                .model("tiny-1-2026")
                .usage(new DefaultUsage(7, 5))
                .build();

        assertThat(replying(new ChatResponse(List.of(generation("x", "stop")), metadata))
                        .chat(REQUEST))
                .isEqualTo(new ChatReply("x", Finish.STOP, new TokenUsage(7, 5), "tiny-1-2026"));
    }

    @Test
    void chat_refusalOfTheEndpoint_isAReply() throws Exception {
        AssistantMessage message = AssistantMessage.builder()
                .content("")
                .properties(Map.of("refusal", "I won't."))
                .build();

        assertThat(replying(saying(new Generation(message))).chat(REQUEST))
                .isEqualTo(new ChatReply("I won't.", Finish.REFUSAL, TokenUsage.NONE, "tiny-1"));
    }

    @Test
    void chat_severalGenerations_lastOneWithTextCounts() throws Exception {
        assertThat(replying(saying(
                                generation("thoughts", null),
                                generation("reply", "end_turn"),
                                generation("", "tool_use")))
                        .chat(REQUEST))
                .isEqualTo(new ChatReply("reply", Finish.STOP, TokenUsage.NONE, "tiny-1"));
    }

    @Test
    void chat_noText_isAnEmptyReply() throws Exception {
        assertThat(replying(saying(generation(null, "content_filter"))).chat(REQUEST))
                .isEqualTo(new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, "tiny-1"));
        assertThat(replying(saying(generation("", "stop"))).chat(REQUEST).text())
                .isEmpty();
    }

    @Test
    void chat_nothing_isAMalformedReply() {
        for (ChatResponse response : new ChatResponse[] {null, saying()}) {
            ChatException failure = catchThrowableOfType(
                    ChatException.class, () -> replying(response).chat(REQUEST));
            assertThat(failure.kind()).isEqualTo(FailureKind.MALFORMED_REPLY);
            assertThat(failure)
                    .hasMessage(
                            response == null
                                    ? "chat model must return a reply, but returned null"
                                    : "reply must have a generation, but had none");
        }
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
        for (RuntimeException thrown : List.of(
                new NonTransientAiException("HTTP " + status + " - " + body),
                new TransientAiException(status + " - " + body),
                new RuntimeException(new NonTransientAiException("HTTP " + status + " - " + body)),
                new ResponseException(status, body))) {
            ChatException failure = failure(thrown);

            assertThat(failure).hasMessage(message);
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.status()).isEqualTo(OptionalInt.of(status));
        }
        assertThat(failure(new ServiceException(429)).kind()).isEqualTo(FailureKind.RATE_LIMITED);
    }

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new TransientAiException("unicorn"), FailureKind.SERVER_FAILURE),
                Arguments.of(new NonTransientAiException("unicorn"), FailureKind.REJECTED),
                Arguments.of(new ServiceException(200), FailureKind.SERVER_FAILURE),
                Arguments.of(new RuntimeException(new SocketTimeoutException("unicorn")), FailureKind.TIMEOUT),
                Arguments.of(new RuntimeException(new UnknownHostException("unicorn")), FailureKind.UNKNOWN_ENDPOINT),
                Arguments.of(new UncheckedIOException(new ConnectException("unicorn")), FailureKind.CONNECTION),
                Arguments.of(new IllegalStateException("unicorn"), FailureKind.SERVER_FAILURE),
                Arguments.of(new IllegalArgumentException("unicorn"), FailureKind.REJECTED));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void chat_exception_isAFailureOfItsKind(RuntimeException thrown, FailureKind kind) {
        ChatException failure = failure(thrown);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEmpty();
    }

    @Test
    void chat_contentFilter_isAnEmptyReply() throws Exception {
        String body = "{\"error\":{\"code\":\"content_filter\",\"message\":\"unicorn\"}}";
        for (RuntimeException filtered :
                List.of(new NonTransientAiException("HTTP 400 - " + body), new ResponseException(400, body))) {
            assertThat(throwing(filtered).chat(REQUEST))
                    .isEqualTo(new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, "tiny-1"));
        }
    }

    @Test
    void chat_interrupted_isAnInterruption() {
        assertThatThrownBy(() -> throwing(new RuntimeException(new InterruptedException()))
                        .chat(REQUEST))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void chat_blankRequest_isTheCallersError() {
        assertThatThrownBy(() -> replying(null).chat(ChatRequest.of("\u0001")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user message must not be blank, but was");
    }

    @Test
    void of_modelWithoutAName_needsOne() {
        for (ChatOptions options : new ChatOptions[] {null, named(null), named(" ")}) {
            Scripted scripted = new Scripted(options, prompt -> null);

            assertThatThrownBy(() -> SpringAiChatModel.of(scripted))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "chat model must report its name, but did not (Scripted): name it with of(model, name)");
            assertThat(SpringAiChatModel.of(scripted, "mine").name()).isEqualTo("mine");
        }
    }

    @Test
    void settings_areTheModelsOwn() {
        ChatOptions options = ChatOptions.builder()
                .model("tiny-1")
                .temperature(0.5)
                .topP(0.9)
                .topK(4)
                .maxTokens(99)
                .build();

        SpringAiChatModel model = SpringAiChatModel.of(new Scripted(options, prompt -> null));

        assertThat(model.settings())
                .isEqualTo(Map.of("temperature", "0.5", "topP", "0.9", "topK", "4", "maxTokens", "99"));
        assertThat(SpringAiChatModel.of(new Scripted(null, prompt -> null), "mine")
                        .settings())
                .isEmpty();
        assertThat(model).hasToString("SpringAiChatModel[model=tiny-1]");
    }

    @Test
    void close_endsTheUseOfTheAdapter() {
        SpringAiChatModel model = replying(saying(generation("x", "stop")));
        model.close();
        model.close();

        assertThatThrownBy(() -> model.chat(REQUEST))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SpringAiChatModel is closed");
    }
}
