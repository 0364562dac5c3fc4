package org.donotanswer.classifier.chat;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.FinishReasons.Meaning;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * A chat model of Spring AI, as LLM judge or as LLM under test.
 *
 * <pre>{@code
 * JudgeEvaluator judge = JudgeEvaluator.of(SpringAiChatModel.of(model));
 * }</pre>
 *
 * <p>Temperature, seed, limits, timeouts and retries are those of the model's default options; a request sets the
 * messages only. Spring AI has no portable way to send the schema of a reply: a request with a schema is
 * {@link FailureKind#REJECTED} without being sent, and an LLM judge asks again without one. {@link #settings()} reports Spring
 * AI's common options; a seed is not among them. Nor is there a common type of exceptions: the HTTP status is read from
 * the exceptions of Spring's HTTP clients, of {@code spring-ai-retry} and of clients that have a method for it, and
 * {@link ChatException#retryAfter()} is always empty. If a response has several generations, the last one with a text
 * is the reply, because those before it may be the model's reasoning.
 *
 * <p>It needs {@code org.springframework.ai:spring-ai-model}, 1.1 or 2.0, which an application with such a model has.
 * Thread-safe if the model is.
 */
public final class SpringAiChatModel implements ChatModel {
    /** The message of an exception of spring-ai-retry: a status and the body of the response. */
    private static final Pattern STATUS_AND_BODY = Pattern.compile("(?s)(?:HTTP )?([45][0-9]{2}) - (.*)");

    private static final String TRANSIENT = "TransientAiException";
    private static final String NON_TRANSIENT = "NonTransientAiException";

    private final org.springframework.ai.chat.model.ChatModel model;
    private final String name;
    private volatile boolean closed;

    private SpringAiChatModel(org.springframework.ai.chat.model.ChatModel model, String name) {
        this.model = model;
        this.name = name;
    }

    /**
     * Returns an adapter of a model whose default options have its name.
     *
     * @throws IllegalArgumentException if they do not; {@link #of(org.springframework.ai.chat.model.ChatModel, String)}
     *     names it
     */
    public static SpringAiChatModel of(org.springframework.ai.chat.model.ChatModel model) {
        ChatOptions options = model.getDefaultOptions();
        String name = options == null ? null : options.getModel();
        return of(model, FrameworkModels.reportedName(model, name));
    }

    /**
     * Returns an adapter of a model.
     *
     * @param name the name of the model, which tells its replies from those of others in caches and reports
     * @throws IllegalArgumentException if the name is blank
     */
    public static SpringAiChatModel of(org.springframework.ai.chat.model.ChatModel model, String name) {
        return new SpringAiChatModel(Objects.requireNonNull(model, "model"), FrameworkModels.givenName(name));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A surrogate without its other half is sent as U+FFFD.
     */
    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        if (closed) {
            throw new IllegalStateException("SpringAiChatModel is closed");
        }
        request.requireText();
        if (request.schema().isPresent()) {
            throw new ChatException(
                    "request to a Spring AI model must not have a schema, but had one", FailureKind.REJECTED);
        }
        List<Message> messages = new ArrayList<>();
        request.system().ifPresent(system -> messages.add(new SystemMessage(Utf8.wellFormed(system))));
        messages.add(new UserMessage(Utf8.wellFormed(request.user())));
        ChatResponse response;
        try {
            response = model.call(new Prompt(messages));
        } catch (RuntimeException e) {
            ClientFailures.throwIfInterrupted(e);
            return replyOrThrow(e);
        }
        return toReply(response);
    }

    private ChatReply toReply(@Nullable ChatResponse response) throws ChatException {
        if (response == null) {
            throw new ChatException("chat model must return a reply, but returned null", FailureKind.MALFORMED_REPLY);
        }
        Generation generation = lastWithText(response.getResults());
        AssistantMessage message = generation.getOutput();
        String text = text(generation);
        // The metadata's key in Spring AI's OpenAI model.
        String refusal =
                message == null ? "" : String.valueOf(message.getMetadata().getOrDefault("refusal", ""));
        ChatResponseMetadata metadata = response.getMetadata();
        Usage usage = metadata == null ? null : metadata.getUsage();
        String replied = metadata == null ? null : metadata.getModel();
        Meaning meaning = meaning(generation.getMetadata());
        if (meaning.isFailure()) {
            throw new ChatException(
                    "reply must be complete, but ended in a failure",
                    meaning == Meaning.MALFORMED ? FailureKind.MALFORMED_REPLY : FailureKind.SERVER_FAILURE);
        }
        boolean unexplained = meaning == Meaning.OTHER && (message == null || !message.hasToolCalls());
        if (text.isBlank() && refusal.isBlank() && unexplained) {
            throw new ChatException(
                    "reply must have a text or a reason to have none, but had neither", FailureKind.MALFORMED_REPLY);
        }
        return new ChatReply(
                        text.isBlank() && !refusal.isBlank() ? refusal : text,
                        refusal.isBlank() ? meaning.finish() : Finish.REFUSAL,
                        usage == null
                                ? TokenUsage.NONE
                                : TokenUsage.ofCounts(usage.getPromptTokens(), usage.getCompletionTokens()),
                        replied == null || replied.isBlank() ? name : replied,
                        thinking(message))
                .dividingThinking();
    }

    /** Returns the thinking, which Spring AI's models put into the metadata of the message under several keys. */
    private static Optional<String> thinking(@Nullable AssistantMessage message) {
        return Stream.of("reasoningContent", "thinking", "reasoning")
                .map(key -> message == null ? null : message.getMetadata().get(key))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    private static Generation lastWithText(@Nullable List<Generation> generations) throws ChatException {
        if (generations == null || generations.isEmpty()) {
            throw new ChatException("reply must have a generation, but had none", FailureKind.MALFORMED_REPLY);
        }
        Generation last = generations.get(generations.size() - 1);
        for (int i = generations.size() - 1; i >= 0; i--) {
            if (!text(generations.get(i)).isBlank()) {
                return generations.get(i);
            }
        }
        return last;
    }

    private static String text(Generation generation) {
        AssistantMessage message = generation.getOutput();
        String text = message == null ? null : message.getText();
        return text == null ? "" : text;
    }

    /** Returns what the reason means, which Spring AI passes on in the terms of each provider. */
    private static Meaning meaning(@Nullable ChatGenerationMetadata metadata) {
        return FinishReasons.of(metadata == null ? null : metadata.getFinishReason());
    }

    private ChatReply replyOrThrow(RuntimeException thrown) throws ChatException {
        Optional<ErrorReply> error = ClientFailures.first(thrown, SpringAiChatModel::error);
        if (error.isPresent()) {
            return ClientFailures.replyOrThrow(error.get(), name);
        }
        throw ClientFailures.ofJdk(thrown)
                .or(() -> ClientFailures.first(thrown, SpringAiChatModel::ofRetry))
                .orElseGet(() -> ClientFailures.ofUnknown(thrown));
    }

    private static Optional<ErrorReply> error(Throwable cause) {
        if (isOfRetry(cause)) {
            Matcher matcher = STATUS_AND_BODY.matcher(String.valueOf(cause.getMessage()));
            return matcher.matches()
                    ? Optional.of(ErrorReply.of(Integer.parseInt(matcher.group(1)), matcher.group(2)))
                    : Optional.empty();
        }
        return status(cause)
                .filter(status -> status >= 400 && status < 600)
                .map(status -> ErrorReply.of(
                        status,
                        value(cause, "getResponseBodyAsString")
                                .filter(String.class::isInstance)
                                .map(String.class::cast)
                                .orElse("")));
    }

    // By name: spring-ai-retry is not a dependency of this library, because not every model needs it.
    private static boolean isOfRetry(Throwable cause) {
        String type = cause.getClass().getSimpleName();
        return type.equals(TRANSIENT) || type.equals(NON_TRANSIENT);
    }

    private static Optional<ChatException> ofRetry(Throwable cause) {
        if (!isOfRetry(cause)) {
            return Optional.empty();
        }
        boolean permanent = cause.getClass().getSimpleName().equals(NON_TRANSIENT);
        return Optional.of(
                permanent
                        ? new ChatException(
                                "request must be one that the endpoint accepts, but was rejected", FailureKind.REJECTED)
                        : new ChatException("endpoint must reply, but was failing", FailureKind.SERVER_FAILURE));
    }

    /**
     * Returns the status of the exceptions of Spring's HTTP clients, and of clients whose exceptions have a similar
     * method.
     */
    private static Optional<Integer> status(Throwable cause) {
        return value(cause, "getStatusCode")
                .or(() -> value(cause, "statusCode"))
                .flatMap(status -> status instanceof Integer ? Optional.of(status) : value(status, "value"))
                .filter(Integer.class::isInstance)
                .map(Integer.class::cast);
    }

    /** Calls a method of a type that is not on the class path of this library. */
    private static Optional<Object> value(Object target, String method) {
        try {
            return Optional.ofNullable(target.getClass().getMethod(method).invoke(target));
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns Spring AI's common options, as far as the default options of the model set them. */
    @Override
    public SortedMap<String, String> settings() {
        Map<String, @Nullable Object> settings = new HashMap<>();
        ChatOptions options = model.getDefaultOptions();
        if (options != null) {
            settings.put("temperature", options.getTemperature());
            settings.put("topP", options.getTopP());
            settings.put("topK", options.getTopK());
            settings.put("frequencyPenalty", options.getFrequencyPenalty());
            settings.put("presencePenalty", options.getPresencePenalty());
            settings.put("maxTokens", options.getMaxTokens());
        }
        return FrameworkModels.settings(settings);
    }

    /** Closes this adapter, not the model, which belongs to the application. */
    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "SpringAiChatModel[model=" + name + "]";
    }
}
